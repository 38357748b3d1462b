import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { freePorts } from '../deploy/ports.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { canHaveOwnMounts } from './faults/inject/own-mounts.ts'
import { makeCertificate } from './make-certificate.ts'
import { startPrometheus } from './prometheus.ts'
import { startSystem } from './test-system.ts'

const SOON = { timeout: 60_000, interval: 200 }
const BROKERS = 3
/** Of DataTopic. */
export const PARTITIONS = 6
/** Enough for the read model, and soon filled. */
const VOLUME_MIB = 768

interface SiteOptions {
  keysFile: string
  /** Of scope operate. */
  key: string
}

/** Three brokers, two gateways and two processors, watched by Prometheus. */
export async function startAlertSite({ keysFile, key }: SiteOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-alerts-'))
  const watchdog = startWatchdog(folder)
  const certificate = await makeCertificate({ folder, name: 'broker', days: 30 })
  const tlsPorts = await freePorts(BROKERS)
  const kafka = await startKafka({
    dataDir: join(folder, 'kafka'),
    brokers: BROKERS,
    watchdog,
    log: () => undefined,
    properties: ({ id, port, controllerPort }) => ({
      listeners: [
        `BROKER://127.0.0.1:${port}`,
        `CONTROLLER://127.0.0.1:${controllerPort}`,
        `TLS://127.0.0.1:${tlsPorts[id - 1]}`,
      ].join(','),
      'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL',
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': certificate.keystore,
      'ssl.keystore.password': certificate.password,
    }),
  })
  const hasVolumes = canHaveOwnMounts()
  const system = await startSystem({
    brokers: kafka.bootstrap,
    gateways: 2,
    processors: 2,
    settings: { API_KEYS_FILE: keysFile, PARTITIONS: String(PARTITIONS) },
    volumeMiB: hasVolumes ? VOLUME_MIB : undefined,
  })
  const processes = [...system.gateways, ...system.processors]
  const prometheus = await startPrometheus({
    folder: join(folder, 'prometheus'),
    watchdog,
    targets: processes.map(({ url }) => new URL(url).host),
    key,
    thresholds: {
      ConsumerLagHigh: ['> 30', '> 2'],
      OutcomesStale: ['> 60', '> 3'],
      ReadModelBehind: ['> 10000', '> 1000'],
    },
    ignored: hasVolumes ? [] : ['DiskNearlyFull'],
  })
  const everFired = new Set<string>()

  async function firing(): Promise<string[]> {
    const names = await prometheus.firing()
    for (const name of names) everFired.add(name)
    return names
  }

  return {
    folder,
    brokers: kafka.brokers,
    system,
    query: prometheus.query,
    /** Without it, no processor has a volume that a test can fill. */
    hasVolumes,
    /** Names of all alerts that `firing`, `fire` and `resolve` have seen. */
    everFired: everFired as ReadonlySet<string>,
    firing,

    /** Each of them fires, though not necessarily at the same time. */
    async fire(...names: string[]): Promise<void> {
      const missing = new Set(names)
      await vi.waitFor(async () => {
        for (const name of await firing()) missing.delete(name)
        expect([...missing]).toEqual([])
      }, SOON)
    },

    resolve: (...names: string[]) =>
      vi.waitFor(async () => {
        const now = await firing()
        expect(names.filter((name) => now.includes(name))).toEqual([])
      }, SOON),

    /** Settings of a process that trusts the certificate of the brokers, and one that expires earlier. */
    async trusting({ days, seconds }: { days: number; seconds: number }): Promise<Record<string, string>> {
      const other = await makeCertificate({ folder, name: `authority-${days}`, days, seconds })
      const caFile = join(folder, `trusted-${days}.pem`)
      writeFileSync(caFile, [certificate, other].map(({ pem }) => readFileSync(pem, 'utf8')).join(''))
      return {
        KAFKA_BROKERS: tlsPorts.map((port) => `127.0.0.1:${port}`).join(','),
        KAFKA_TLS: 'true',
        KAFKA_TLS_CA_FILE: caFile,
      }
    },

    async stop(): Promise<void> {
      await system.stop()
      await watchdog.drain()
      rmSync(folder, { recursive: true })
    },
  }
}

export type AlertSite = Awaited<ReturnType<typeof startAlertSite>>
