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
  log: (line: string) => void
  signal: AbortSignal
}

/** Observations of the site under load; its topics are read afterwards. */
export interface LoadEvidence {
  startedAt: number
  endedAt: number
  /** Partitions of DataTopic. */
  partitions: number
  injected: InjectedFault[]
  storefront: StorefrontResult
  ledgerFile: string
  /** Still reading. */
  subscribers: Subscribers
  /** From the last arrival until the lag was gone; undefined: it never was. */
  noLagAfterMs: number | undefined
  resources: ReadonlyMap<string, Resources>
}

const RETRIES_WITHIN_MS = 120_000
const NO_LAG_WITHIN_MS = 120_000
const PROGRESS_EVERY_MS = 10_000
const ROUTE_EVERY_MS = 250
const READY_WITHIN_MS = 1_000

/** Runs the load and the faults of the plan against the site, and waits until all work is done. */
export async function runLoad(site: Site, options: LoadOptions): Promise<LoadEvidence> {
  const { kafka, seed, rate, runMs, plan, log, signal } = options
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
    // The storefront may have ended before it could report.
    const progress = await storefront.progress().catch(() => undefined)
    if (progress === undefined) return
    const { due, acknowledged, waiting } = progress
    log(`        ${due} due, ${acknowledged} acknowledged, ${waiting} waiting`)
  }
  /** As a load balancer does: requests go only to gateways that report ready. */
  async function route() {
    const ready = await Promise.all(site.gatewayUrls.map((url) => isReady(url, READY_WITHIN_MS)))
    storefront.route(ready)
  }

  const injecting = runPlan(site, plan, startedAt, log, signal)
  await sleep(runMs, undefined, { signal }).catch(() => undefined)
  // A recovery may take longer than planned: the load continues until then.
  const injected = await injecting
  await foreign.stop()
  subscribers.quiet()
  const endedAt = Date.now()
  const result = await storefront.finish(RETRIES_WITHIN_MS)
  clearInterval(telling)
  clearInterval(routing)
  const finishedAt = Date.now()
  await admin.disconnect()
  // The other one may not know partitions that were added.
  const waiting = kafka.admin()
  await waiting.connect()
  const lagMs = await awaitNoLag(waiting, site.groupId, site.topics.data, NO_LAG_WITHIN_MS)
  await waiting.disconnect()
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
