import pino from 'pino'
import { createAccess } from '../../backbone/access/authenticate.ts'
import { createRegistry } from '../../backbone/metrics.ts'
import { serve } from '../../backbone/serve.ts'
import { type Accepted, createAcceptCheckout } from '../../gateway/accept-checkout.ts'
import { createAdmission } from '../../gateway/admission.ts'
import { createApp } from '../../gateway/app.ts'
import { readConfig } from '../../gateway/config.ts'
import { createIdempotencyWindow } from '../../gateway/idempotency-window.ts'
import { watchLoopDelay } from '../../gateway/loop-delay.ts'
import { createGatewayMetrics } from '../../gateway/metrics.ts'
import { createQueuePlaces } from '../../gateway/queue-place.ts'
import { createResultsProxy } from '../../gateway/results-proxy.ts'

// The gateway without Kafka: it validates, remembers and answers, and stores nothing.

const config = readConfig()
const log = pino({ level: 'silent' })
const admission = createAdmission({ most: config.QUEUE_MAX_RECORDS, loopDelayMs: watchLoopDelay() })
const registry = createRegistry()
const window = createIdempotencyWindow<Accepted>(config.IDEMPOTENCY_WINDOW)
let offset = 0
const app = createApp({
  access: createAccess(undefined),
  admission,
  places: createQueuePlaces(),
  checkRoom: () => undefined,
  accept: createAcceptCheckout({
    admission,
    window,
    publish: async ({ partition }) => ({ partition, offset: offset++ }),
    partitions: () => config.PARTITIONS,
    metrics: createGatewayMetrics(registry, admission),
  }),
  window,
  results: createResultsProxy({ urls: [], draining: new AbortController().signal }),
  notReady: () => undefined,
  maxBodyBytes: config.MAX_BODY_BYTES,
  maxBatchBytes: config.MAX_BATCH_BYTES,
  bodyTimeoutMs: config.BODY_TIMEOUT_MS,
  origins: [],
  addressRate: { rate: undefined, trustedProxies: 0 },
  registry,
  log,
})
await serve({ host: config.HOST, port: config.PORT }, app.fetch)
process.on('SIGTERM', () => process.exit(0))
