import { createAccess } from '../backbone/access/authenticate.ts'
import { openKeyring } from '../backbone/access/keyring.ts'
import { publishMember } from '../backbone/figures/publish-member.ts'
import { healthCheck } from '../backbone/http/health-check.ts'
import { listenOrExit } from '../backbone/http/listen-or-exit.ts'
import { allowedHosts } from '../backbone/http/listen-settings.ts'
import { watchService } from '../backbone/http/service-metrics.ts'
import { createFiguresSender } from '../backbone/kafka/figures-sender.ts'
import { homePartitions, warnOfOtherCount } from '../backbone/kafka/home-partitions.ts'
import { openKafka } from '../backbone/kafka/open-kafka.ts'
import { createPartitionMetrics } from '../backbone/kafka/partition-metrics.ts'
import { watchPartitions } from '../backbone/kafka/watch-partitions.ts'
import { followLayout } from '../backbone/layout/follow-layout.ts'
import { homesNow } from '../backbone/layout/homes.ts'
import { drainTimes } from '../backbone/process/draining.ts'
import { createLog, instanceName } from '../backbone/process/log.ts'
import { logProcessEvents } from '../backbone/process/log-process-events.ts'
import { createRegistry } from '../backbone/process/metrics.ts'
import { settingsOrExit } from '../backbone/process/settings.ts'
import { drainOnSignal } from '../backbone/process/shutdown.ts'
import { openTracing } from '../backbone/tracing/open-tracing.ts'
import { createApp } from './app.ts'
import { type Accepted, createAcceptCheckout } from './checkout/accept-checkout.ts'
import { createAnswerCounts } from './checkout/count-answers.ts'
import { createIdempotencyWindow } from './checkout/idempotency-window.ts'
import { demoWarning, readConfig, readTicketSecret } from './config.ts'
import { createDeadLetterReads } from './dead-letters/read-dead-letters.ts'
import { createRedrive } from './dead-letters/redrive.ts'
import { createOverloadWatch, gatewayFigures } from './figures.ts'
import { createGatewayMetrics, createReadMetrics, watchAnswers } from './metrics.ts'
import { observeItself } from './operations/own-state.ts'
import { createAdmission } from './overload/admission.ts'
import { watchEventLoopOverload } from './overload/event-loop-overload.ts'
import { createQueueTickets } from './overload/queue-ticket.ts'
import { findDataLeaders, openDataTopic } from './publish/data-topic.ts'
import { createRecordProducers } from './publish/kafkajs/record-producers.ts'
import { createLayoutLease } from './publish/layout-lease.ts'
import { MOST_RECORDS } from './publish/leader-sender.ts'
import { createPublisher } from './publish/publish-checkout.ts'
import { publisherSettings } from './publish/publisher-settings.ts'
import { tracePublish } from './publish/trace-publish.ts'
import { createAskDeliveries } from './results/ask-deliveries.ts'
import { probeProcessor } from './results/probe-processor.ts'
import { probeProcessors } from './results/probe-processors.ts'
import { createProcessorPool } from './results/processor-pool.ts'
import { createWriteRelay } from './results/relay-write.ts'
import { createResultsProxy } from './results/results-proxy.ts'

const DRAIN_DEADLINE_MS = 15_000

const config = settingsOrExit(readConfig)
const log = createLog('gateway', config)
const name = instanceName('gateway', config)
logProcessEvents(log)
const tracing = await openTracing(config, { role: 'gateway', instance: name, log })
const registry = createRegistry()
const keyring = settingsOrExit(() => openKeyring(config, log))
const kafka = settingsOrExit(() =>
  openKafka(config, 'checkout-gateway', {
    onRefusal: (detail) => member.report('access-refused', { detail }),
    registry,
    log,
  }),
)
const { admin, refusals, throttling } = kafka
const draining = new AbortController()
let dataPartitions: number | undefined
let partitionWatch: ReturnType<typeof watchPartitions> | undefined
const asking = {
  admin,
  refusals: refusals.client({
    operation: 'Describe (or Create, where it is missing)',
    topic: config.DATA_TOPIC,
  }),
  log,
}
// The only topic that a gateway needs. Processors create the others.
const dataTopic = openDataTopic(config, asking).then((found) => {
  dataPartitions = found.count
  return found
})
const layoutUse = { operation: 'Read', topic: config.LAYOUT_TOPIC } as const
const layout = followLayout({
  kafka: kafka.client,
  topics: config,
  begin: dataTopic,
  homes: () => homePartitions(config, dataPartitions ?? config.PARTITIONS),
  onChange: () => publisher.layoutChanged(),
  isRefusal: (error) => refusals.explain(error, layoutUse) !== undefined,
  // Without it customers keep their partitions, and processors send on what they decide elsewhere.
  refusals: refusals.client(layoutUse, 'warn'),
  log,
})
const lease = createLayoutLease({ layout, topic: config.LAYOUT_TOPIC, log })

const admission = createAdmission({
  most: config.QUEUE_MAX_RECORDS,
  requestRecords: MOST_RECORDS,
  isOverloaded: watchEventLoopOverload(),
  isHeld: () => publisher.isHeld(),
})
const metrics = createGatewayMetrics(registry, admission)
const partitionMetrics = createPartitionMetrics(registry)
const publisher = createPublisher({
  leaders: layout.untilKnown().then(async () => (await dataTopic).leaders),
  findLeaders: (partitions) => findDataLeaders(config.DATA_TOPIC, partitions, asking),
  lease,
  ...createRecordProducers(kafka.client, config),
  refusals: refusals.client({ operation: 'Write', topic: config.DATA_TOPIC }),
  ...publisherSettings(config),
  metrics,
  log,
})
const answers = createAnswerCounts()
watchAnswers(registry, answers)
watchService(registry, { checks: () => checks(), keyring })
const window = createIdempotencyWindow<Accepted>(config.IDEMPOTENCY_WINDOW)
const pool = createProcessorPool({
  urls: config.PROCESSOR_URLS,
  onChange: (processor, isBack) =>
    member.report(isBack ? 'processor-back' : 'processor-silent', { processor }),
  log,
})
const checks = () => [
  healthCheck('shutdown', draining.signal.aborted ? 'Shutting down' : undefined),
  healthCheck('kafka', refusals.detail() ?? publisher.fault() ?? waitsForTopic()),
  healthCheck('topics', partitionWatch?.mismatch(), 'warn'),
  healthCheck('layout', lease.warning(), 'warn'),
  healthCheck('quotas', throttling.warning(), 'warn'),
  // Purchases are accepted without any processor.
  healthCheck('processors', pool.fault(), 'warn'),
]
const member = publishMember({
  name,
  topic: config.FIGURES_TOPIC,
  sender: createFiguresSender(kafka.client, config),
  refusals,
  checks,
  own: () => gatewayFigures({ answers, admission, publisher, pool }),
  kafkaFault: () => publisher.fault(),
  onTick: () => watchOverload(),
  log,
})
const watchOverload = createOverloadWatch(member.report, answers, admission)

const ownState = observeItself(member)

const results = createResultsProxy({
  pool,
  draining: draining.signal,
  onHedge: createReadMetrics(registry, pool).hedged,
})

const storing = {
  gateway: name,
  admission,
  window,
  publish: tracing
    ? tracePublish({ tracing, topic: config.DATA_TOPIC, publish: publisher.publish })
    : publisher.publish,
  knowsPartitions: layout.isKnown,
  metrics,
}
const app = createApp({
  access: createAccess(keyring),
  admission,
  tickets: createQueueTickets({ secret: settingsOrExit(() => readTicketSecret(config)) }),
  checkRoom: publisher.checkRoom,
  accept: createAcceptCheckout(storing),
  window,
  results,
  askDeliveries: createAskDeliveries(pool),
  relayWrite: createWriteRelay(pool),
  redrive: createRedrive({
    ...storing,
    reads: createDeadLetterReads(results),
    onRedriven({ requestId, ...done }) {
      log.info({ requestId, ...done }, 'Dead letter sent again')
      member.report('redriven', done)
    },
  }),
  operations: { answering: pool.answering, ownTicks: ownState.ticks, draining: draining.signal },
  answers,
  publishLoad: member.relay,
  checks,
  maxBodyBytes: config.MAX_BODY_BYTES,
  maxBatchBytes: config.MAX_BATCH_BYTES,
  bodyTimeoutMs: config.BODY_TIMEOUT_MS,
  allowedHosts: allowedHosts(config),
  origins: config.CORS_ORIGINS,
  addressRate: { rate: config.ADDRESS_RATE, trustedProxies: config.TRUSTED_PROXIES },
  demo: config.DEMO,
  tracing,
  registry,
  log,
})
const warning = demoWarning(config)
if (warning !== undefined) log.warn(warning)

const servers = [await listenOrExit(config, app.fetch, log)]
if (config.METRICS_PORT !== undefined)
  servers.push(await listenOrExit({ ...config, PORT: config.METRICS_PORT }, app.fetch, log, 'METRICS_PORT'))
probeProcessors({ pool, probe: probeProcessor, stop: draining.signal })

drainOnSignal(
  async (signal) => {
    draining.abort(signal)
    member.report('stopping')
    await Promise.all(servers.map((server) => server.stop(drainTimes(draining.signal).noticeMs)))
    await publisher.close()
    lease.stop()
    partitionWatch?.stop()
    await layout.stop()
    ownState.stop()
    await member.close()
    await admin.close()
    await tracing?.close()
  },
  DRAIN_DEADLINE_MS,
  log,
)

const found = await dataTopic
await layout.untilKnown()
const homes = () => homesNow(layout.current().homes)
if (layout.current().version === 0 && !layout.current().change) warnOfOtherCount(config, found.count, log)
partitionWatch = watchPartitions({
  admin,
  topics: config,
  used: homes,
  // Never more without a change of the layout: see homePartitions.
  expected: ({ data }) => Math.min(homes(), data),
  changingTo: () => layout.current().change?.partitions,
  metrics: partitionMetrics,
  log,
})

function waitsForTopic(): string | undefined {
  if (dataPartitions === undefined) return `the topic ${config.DATA_TOPIC} is not there yet`
  return layout.isKnown() ? undefined : `the topic ${config.LAYOUT_TOPIC} was not read yet`
}
