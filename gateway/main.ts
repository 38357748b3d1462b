import { Partitioners } from 'kafkajs'
import { createAccess } from '../backbone/access/authenticate.ts'
import { openKeyring } from '../backbone/access/keyring.ts'
import { healthCheck } from '../backbone/http/health-check.ts'
import { listenOrExit } from '../backbone/http/listen-or-exit.ts'
import { allowedHosts } from '../backbone/http/listen-settings.ts'
import { keepAdmin } from '../backbone/kafka/admin.ts'
import { awaitTopics } from '../backbone/kafka/await-topics.ts'
import { createKafka } from '../backbone/kafka/client.ts'
import { keepHiddenAnswers } from '../backbone/kafka/hidden-answers.ts'
import { homePartitions } from '../backbone/kafka/home-partitions.ts'
import { createPartitionMetrics } from '../backbone/kafka/partition-metrics.ts'
import { ensureDataTopic } from '../backbone/kafka/topics.ts'
import { watchPartitions } from '../backbone/kafka/watch-partitions.ts'
import { watchRefusals } from '../backbone/kafka/watch-refusals.ts'
import { createLog } from '../backbone/process/log.ts'
import { logProcessEvents } from '../backbone/process/log-process-events.ts'
import { createRegistry } from '../backbone/process/metrics.ts'
import { settingsOrExit } from '../backbone/process/settings.ts'
import { drainOnSignal } from '../backbone/process/shutdown.ts'
import { createApp } from './app.ts'
import { type Accepted, createAcceptCheckout } from './checkout/accept-checkout.ts'
import { createIdempotencyWindow } from './checkout/idempotency-window.ts'
import { readConfig, readPlaceSecret } from './config.ts'
import { createGatewayMetrics, createReadMetrics } from './metrics.ts'
import { createAdmission } from './overload/admission.ts'
import { watchOverwork } from './overload/event-loop-overload.ts'
import { createQueuePlaces } from './overload/queue-ticket.ts'
import { assertWritable } from './publish/assert-writable.ts'
import { probeSettings, producerSettings, publisherSettings } from './publish/producer-config.ts'
import { createPublisher, MOST_RECORDS } from './publish/publish-checkout.ts'
import { probeProcessor } from './results/probe-processor.ts'
import { probeProcessors } from './results/probe-processors.ts'
import { createProcessorPool } from './results/processor-pool.ts'
import { createResultsProxy } from './results/results-proxy.ts'

const DRAIN_DEADLINE_MS = 15_000

const config = settingsOrExit(readConfig)
const log = createLog('gateway', config)
logProcessEvents(log)
const answers = keepHiddenAnswers()
const kafka = settingsOrExit(() => createKafka(config, 'checkout-gateway', log, answers.note))
const keyring = settingsOrExit(() => openKeyring(config, log))
const admin = keepAdmin(() => kafka.admin())
const refusals = watchRefusals({ settings: config, admin, answers, log })
const draining = new AbortController()
let partitions: number | undefined
let partitionWatch: ReturnType<typeof watchPartitions> | undefined
// The only topic that a gateway needs; processors create the others.
const dataTopic = awaitTopics((connected) => ensureDataTopic(connected, config), {
  admin,
  refusals: refusals.client({
    operation: 'Describe (or Create, where it is missing)',
    topic: config.DATA_TOPIC,
  }),
  log,
})

const admission = createAdmission({
  most: config.QUEUE_MAX_RECORDS,
  requestRecords: MOST_RECORDS,
  isOverworked: watchOverwork(),
})
const registry = createRegistry()
const metrics = createGatewayMetrics(registry, admission)
const partitionMetrics = createPartitionMetrics(registry)
const publisher = createPublisher({
  begin: dataTopic,
  createProducer: () =>
    kafka.producer({
      ...producerSettings(config),
      createPartitioner: Partitioners.DefaultPartitioner,
    }),
  assertWritable: () =>
    assertWritable(
      kafka.producer({ ...probeSettings, createPartitioner: Partitioners.DefaultPartitioner }),
      config.DATA_TOPIC,
    ),
  refusals: refusals.client({ operation: 'Write', topic: config.DATA_TOPIC }),
  ...publisherSettings(config),
  metrics,
  log,
})
const window = createIdempotencyWindow<Accepted>(config.IDEMPOTENCY_WINDOW)
const pool = createProcessorPool({ urls: config.PROCESSOR_URLS, log })

const app = createApp({
  access: createAccess(keyring),
  admission,
  places: createQueuePlaces({ secret: settingsOrExit(() => readPlaceSecret(config)) }),
  checkRoom: publisher.checkRoom,
  accept: createAcceptCheckout({
    admission,
    window,
    publish: publisher.publish,
    partitions: () => partitions,
    metrics,
  }),
  window,
  results: createResultsProxy({
    pool,
    draining: draining.signal,
    onHedge: createReadMetrics(registry, pool).hedged,
  }),
  checks: () => [
    healthCheck('shutdown', draining.signal.aborted ? 'shutting down' : undefined),
    healthCheck('kafka', refusals.detail() ?? publisher.fault() ?? waitsForTopic()),
    healthCheck('topics', partitionWatch?.mismatch(), 'warn'),
    // Purchases are taken without any processor.
    healthCheck('processors', pool.fault(), 'warn'),
  ],
  maxBodyBytes: config.MAX_BODY_BYTES,
  maxBatchBytes: config.MAX_BATCH_BYTES,
  bodyTimeoutMs: config.BODY_TIMEOUT_MS,
  allowedHosts: allowedHosts(config),
  origins: config.CORS_ORIGINS,
  addressRate: { rate: config.ADDRESS_RATE, trustedProxies: config.TRUSTED_PROXIES },
  registry,
  log,
})

const server = await listenOrExit(config, app.fetch, log)
probeProcessors({ pool, probe: probeProcessor, stop: draining.signal })

drainOnSignal(
  async () => {
    draining.abort()
    await server.stop()
    await publisher.close()
    partitionWatch?.stop()
    await admin.close()
  },
  DRAIN_DEADLINE_MS,
  log,
)

const home = homePartitions(config, await dataTopic, log)
partitions = home
partitionWatch = watchPartitions({
  admin,
  topics: config,
  used: home,
  // Never more while it runs, nor after a restart: see homePartitions.
  expected: ({ data }) => Math.min(home, data),
  metrics: partitionMetrics,
  log,
})

function waitsForTopic(): string | undefined {
  return partitions === undefined ? `the topic ${config.DATA_TOPIC} is not there yet` : undefined
}
