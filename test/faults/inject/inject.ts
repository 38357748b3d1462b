import { halfBodies, slowReaders } from '../load/nuisances.ts'
import type { Toxic } from '../network/network.ts'
import { newPassword } from '../system/kafka-user.ts'
import { brokerLink, brokerNames, userNames } from '../system/names.ts'
import type { Part } from '../system/part.ts'
import { preload } from '../system/preload.ts'
import { removeView } from '../system/services.ts'
import type { Site } from '../system/site.ts'
import { brokerClock } from './broker-clock/clock-agent.ts'
import { findController } from './controller.ts'
import { damageFile } from './damage-file.ts'
import { fillDisk, widenDisk } from './disk.ts'
import type { FaultName, PlannedFault } from './fault-names.ts'
import { growPartitions } from './grow-partitions.ts'
import { CLOCK_OFF_BY_MS, userTarget } from './targets.ts'

/** Reverts a fault; resolves when the affected parts serve again. */
export type Heal = () => Promise<void>
type Inject = (site: Site, fault: PlannedFault) => Promise<Heal>

const partsOf = (site: Site, { targets }: PlannedFault) => targets.map((name) => site.part(name))

const processorOf = (site: Site, { targets }: PlannedFault) => {
  const processor = site.processors.find(({ name }) => targets.includes(name))
  if (!processor) throw new Error(`${targets.join()} is not a processor`)
  return processor
}

const startAgain = (parts: Part[]): Heal => {
  return async () => {
    for (const part of parts) part.start()
    await Promise.all(parts.map((part) => part.ready()))
  }
}

const kill: Inject = async (site, fault) => {
  const parts = partsOf(site, fault)
  await Promise.all(parts.map((part) => part.kill()))
  return startAgain(parts)
}

function freezeParts(parts: Part[]): Heal {
  for (const part of parts) part.freeze()
  return async () => {
    for (const part of parts) part.thaw()
    await Promise.all(parts.map((part) => part.ready()))
  }
}

const freeze: Inject = async (site, fault) => freezeParts(partsOf(site, fault))

const controllerOf = (site: Site): Part => site.part(`kafka-${findController(site.cluster)}`)

/** One after the other, each after the previous one serves again. */
const roll: Inject = async (site, fault) => {
  for (const part of partsOf(site, fault)) {
    await part.stop()
    part.start()
    await part.ready()
  }
  return async () => {}
}

async function breakLinks({ network }: Site, links: string[], toxic: Toxic): Promise<Heal> {
  await Promise.all(links.map((link) => network.set(link, toxic)))
  return async () => {
    await Promise.all(links.map((link) => network.clear(link)))
  }
}

const disturb =
  (toxic: (fault: PlannedFault) => Toxic): Inject =>
  (site, fault) =>
    breakLinks(site, fault.targets, toxic(fault))

const restartWith = async (part: Part, env: NodeJS.ProcessEnv): Promise<void> => {
  await part.kill()
  part.start(env)
  await part.ready()
}

const skewClock =
  (environment: (offsetMs: number, site: Site) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>): Inject =>
  async (site, fault) => {
    const [part] = partsOf(site, fault)
    if (!part) throw new Error('no target for the clock fault')
    await restartWith(part, await environment(fault.chance < 0.5 ? -CLOCK_OFF_BY_MS : CLOCK_OFF_BY_MS, site))
    return () => restartWith(part, {})
  }

/** In Kafka and in the file, in either order: in between, new authentications are refused. */
const changePassword: Inject = async (site, { targets, chance }) => {
  const name = userNames.find((user) => targets.includes(userTarget(user)))
  if (!name) throw new Error(`${targets.join()} is not a user`)
  const user = site.users[name]
  const password = newPassword()
  const inKafka = () => user.setInKafka(password)
  const inFile = async () => user.setInFile(password)
  const [first, second] = chance < 0.5 ? [inKafka, inFile] : [inFile, inKafka]
  await first()
  return async () => {
    await second()
    const services = name === 'gateway' ? site.gateways : site.processors
    await Promise.all(services.map((service) => service.ready()))
  }
}

export const injections: Record<FaultName, Inject> = {
  'kill-gateway': kill,
  'kill-all-gateways': kill,
  'kill-processor': kill,
  'kill-all-processors': kill,
  'kill-broker': kill,
  'kill-controller': async (site) => {
    const controller = controllerOf(site)
    await controller.kill()
    return startAgain([controller])
  },
  'kill-all-brokers': kill,
  'freeze-gateway': freeze,
  'freeze-processor': freeze,
  'freeze-broker': freeze,
  'freeze-controller': async (site) => freezeParts([controllerOf(site)]),
  'roll-gateways': roll,
  'roll-processors': roll,
  'roll-brokers': roll,
  cut: disturb(() => ({ type: 'down' })),
  delay: disturb(({ chance }) => ({ type: 'latency', ms: Math.round(50 + 750 * chance) })),
  'half-open': disturb(() => ({ type: 'timeout', direction: 'both' })),
  reset: disturb(() => ({ type: 'reset_peer' })),
  'lost-answers': disturb(() => ({ type: 'timeout', direction: 'downstream' })),
  'truncated-answers': disturb(({ chance }) => ({
    type: 'limit_data',
    bytes: Math.round(100 + 5_000 * chance),
  })),
  'reset-answers': disturb(() => ({ type: 'reset_peer' })),
  'below-min-isr': (site) =>
    breakLinks(
      site,
      brokerNames.map((broker) => brokerLink('peers', broker)),
      { type: 'down' },
    ),
  'disk-full': async (site, fault) => {
    const [broker] = partsOf(site, fault)
    if (!broker) throw new Error('no target for the disk fault')
    await fillDisk(site.cluster.dataDir(broker.name))
    return async () => {
      await widenDisk(site.cluster.dataDir(broker.name))
      await broker.kill()
      await startAgain([broker])()
    }
  },
  'delete-view': async (site, fault) => {
    const processor = processorOf(site, fault)
    await processor.kill()
    removeView(processor)
    return startAgain([processor])
  },
  'corrupt-view': async (site, fault) => {
    const processor = processorOf(site, fault)
    await processor.kill()
    damageFile(processor.viewFile, fault.chance)
    return startAgain([processor])
  },
  'change-password': changePassword,
  clock: skewClock((offsetMs) => ({
    ...preload(new URL('./skewed-clock.ts', import.meta.url)),
    CLOCK_OFFSET_MS: String(offsetMs),
  })),
  'broker-clock': skewClock((offsetMs, { folder }) => brokerClock(offsetMs, folder)),
  'grow-partitions': growPartitions,
  'slow-clients': async (site, { lastsMs, targets }) => {
    const index = targets.some((target) => target.endsWith('2')) ? 1 : 0
    const nuisance = { gateway: site.gatewayUrls[index] ?? '', clients: 100, forMs: lastsMs }
    const gone = Promise.all([halfBodies(nuisance), slowReaders({ ...nuisance, clients: 10 })])
    return async () => {
      await gone
    }
  },
}
