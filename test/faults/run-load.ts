import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { isReady } from '../../deploy/is-ready.ts'
import type { PlannedFault } from './inject/fault-names.ts'
import { type InjectedFault, runPlan } from './inject/run-plan.ts'
import { startForeignWriter } from './load/foreign-writer.ts'
import { type StorefrontResult, startStorefront } from './load/storefront.ts'
import { type Subscribers, startSubscribers } from './load/subscribers.ts'
import { awaitNoLag } from './system/await-quiet.ts'
import { type Resources, sampleProcesses } from './system/sample-processes.ts'
import type { Site } from './system/site.ts'

export interface LoadOptions {
  kafka: Kafka
  seed: number
  rate: number
  runMs: number
  plan: PlannedFault[]
  subscribers: number
  tell: (line: string) => void
  signal: AbortSignal
}

/** What was seen while the site was under load; what it left in Kafka is read afterwards. */
export interface LoadEvidence {
  startedAt: number
  endedAt: number
  /** Of DataTopic. */
  partitions: number
  injected: InjectedFault[]
  storefront: StorefrontResult
  ledgerFile: string
  /** Still reading. */
  subscribers: Subscribers
  /** From the last arrival, until nothing was left to do; undefined: it never came to that. */
  noLagAfterMs: number | undefined
  resources: ReadonlyMap<string, Resources>
}

const RETRIES_WITHIN_MS = 120_000
const NO_LAG_WITHIN_MS = 120_000
const PROGRESS_EVERY_MS = 10_000
const ROUTE_EVERY_MS = 250
const READY_WITHIN_MS = 1_000

/** Drives load against the site while the plan's faults happen to it, and waits until all is done. */
export async function runLoad(site: Site, options: LoadOptions): Promise<LoadEvidence> {
  const { kafka, seed, rate, runMs, plan, tell, signal } = options
  const ledgerFile = join(site.folder, 'ledger.ndjson')
  const admin = kafka.admin()
  await admin.connect()
  const partitions = (await admin.fetchTopicOffsets(site.topics.data)).length

  const processes = sampleProcesses([...site.gateways, ...site.processors, ...site.cluster.parts])
  const subscribers = startSubscribers({ gateways: site.gatewayUrls, subscribers: options.subscribers, seed })
  const foreign = startForeignWriter({ kafka, topic: site.topics.data, partitions, seed })
  const startedAt = Date.now()
  const storefront = startStorefront({
    gateways: site.gatewayUrls,
    rate,
    seed,
    run: `${seed}-${startedAt}`,
    ledgerFile,
  })
  for (const [index, { child }] of site.gateways.entries())
    child.onDeath(() => storefront.gatewayRestarted(index))
  const telling = setInterval(() => void say(), PROGRESS_EVERY_MS)
  const routing = setInterval(() => void route(), ROUTE_EVERY_MS)

  async function say() {
    // At the end the storefront may have closed before it could say.
    const progress = await storefront.progress().catch(() => undefined)
    if (progress === undefined) return
    const { due, acknowledged, waiting } = progress
    tell(`        ${due} due, ${acknowledged} acknowledged, ${waiting} waiting`)
  }
  /** As a load balancer does: it asks a gateway whether it is ready before it sends it requests. */
  async function route() {
    const ready = await Promise.all(site.gatewayUrls.map((url) => isReady(url, READY_WITHIN_MS)))
    storefront.route(ready)
  }

  const injecting = runPlan(site, plan, startedAt, tell, signal)
  await sleep(runMs, undefined, { signal }).catch(() => undefined)
  // What was hit may take longer to serve again than was planned: load goes on until then.
  const injected = await injecting
  await foreign.stop()
  subscribers.quiet()
  const endedAt = Date.now()
  const result = await storefront.finish(RETRIES_WITHIN_MS)
  clearInterval(telling)
  clearInterval(routing)
  const finishedAt = Date.now()
  const lagMs = await awaitNoLag(admin, site.groupId, site.topics.data, NO_LAG_WITHIN_MS)
  await admin.disconnect()
  return {
    startedAt,
    endedAt,
    partitions,
    injected,
    storefront: result,
    ledgerFile,
    subscribers,
    noLagAfterMs: lagMs === undefined ? undefined : finishedAt - endedAt + lagMs,
    resources: await processes.stop(),
  }
}
