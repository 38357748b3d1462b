import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { startWatchdog } from '../../../deploy/watchdog.ts'
import { mountDisk, unmountDisk } from '../inject/disk.ts'
import { DISK_OF } from '../inject/targets.ts'
import { startNetwork } from '../network/network.ts'
import { startCluster } from './cluster.ts'
import { createKafkaUser } from './kafka-user.ts'
import { clientNames, type UserName } from './names.ts'
import type { Part, UnexpectedEnd } from './part.ts'
import { type Site, startSite } from './site.ts'

interface TestBedOptions {
  /** Gives one of the brokers its own disk, which can be filled. */
  ownDisk: boolean
  log: (line: string) => void
}

/** Three brokers and a network with faults, for one site. */
export async function openTestBed({ ownDisk, log }: TestBedOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-faults-'))
  const watchdog = startWatchdog(folder)
  const network = startNetwork()
  const unexpectedEnds: UnexpectedEnd[] = []
  const services: Part[] = []
  const onUnexpectedEnd = (end: UnexpectedEnd) => {
    log(`        ${end.part} ended unexpectedly: ${end.how}`)
    unexpectedEnds.push(end)
  }
  const disk = join(folder, DISK_OF)
  if (ownDisk) await mountDisk(disk)
  const cluster = await startCluster({
    folder,
    network,
    clients: clientNames,
    watchdog,
    log,
    onUnexpectedEnd,
  })
  const user = (name: UserName) => createKafkaUser(name, cluster.bootstrap, folder)
  const [gateway, processor] = await Promise.all([user('gateway'), user('processor')])
  return {
    folder,
    cluster,
    unexpectedEnds,
    kafka: new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING }),

    async startSite(run: string, environment: NodeJS.ProcessEnv = {}): Promise<Site> {
      const site = await startSite({
        run,
        folder,
        cluster,
        users: { gateway, processor },
        network,
        watchdog,
        environment,
        onUnexpectedEnd,
      })
      services.push(...site.gateways, ...site.processors)
      return site
    },

    /** Ends everything, and removes its files unless they are needed for an inspection. */
    async close({ keep }: { keep: boolean }): Promise<void> {
      await Promise.all(services.map((service) => service.kill()))
      for (const broker of cluster.parts) broker.thaw()
      await Promise.all(cluster.parts.map((broker) => broker.stop()))
      await watchdog.drain()
      await network.close()
      if (keep) return
      if (ownDisk) await unmountDisk(disk)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type TestBed = Awaited<ReturnType<typeof openTestBed>>
