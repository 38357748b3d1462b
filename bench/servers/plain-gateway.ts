import { Partitioners } from 'kafkajs'
import pino from 'pino'
import { Registry } from 'prom-client'
import { createAccess } from '../../backbone/access/authenticate.ts'
import { createKafka } from '../../backbone/kafka.ts'
import { serve } from '../../backbone/serve.ts'
import { partitionCount } from '../../backbone/topics.ts'
import { type Accepted, createAcceptCheckout } from '../../gateway/accept-checkout.ts'
import type { Admission } from '../../gateway/admission.ts'
import { createApp } from '../../gateway/app.ts'
import { readConfig } from '../../gateway/config.ts'
import { createIdempotencyWindow } from '../../gateway/idempotency-window.ts'
import { createGatewayMetrics } from '../../gateway/metrics.ts'
import { createPublisher } from '../../gateway/publish-checkout.ts'
import { producerSettings, publisherSettings } from '../../gateway/publisher-settings.ts'
import { createQueuePlaces } from '../../gateway/queue-place.ts'
import { createResultsProxy } from '../../gateway/results-proxy.ts'

// The gateway with a plain bounded queue: first come, first served, 503 when it is full. All else is as it is.

const config = readConfig()
const log = pino({ level: 'silent' })
const kafka = createKafka(config, 'plain-gateway', log)
const admin = kafka.admin()
await admin.connect()
const partitions = await partitionCount(admin, config.DATA_TOPIC)
await admin.disconnect()

const letAllIn: Admission = {
  enter: () => () => undefined,
  check: () => undefined,
  hasPlace: () => true,
  load: () => ({ inFlight: 0, limit: 0 }),
}
const registry = new Registry()
const metrics = createGatewayMetrics(registry, letAllIn)
const publisher = createPublisher({
  createProducer: () =>
    kafka.producer({ ...producerSettings(config), createPartitioner: Partitioners.DefaultPartitioner }),
  ...publisherSettings(config),
  metrics,
  log,
})
const window = createIdempotencyWindow<Accepted>(config.IDEMPOTENCY_WINDOW)
const app = createApp({
  access: createAccess(undefined),
  admission: letAllIn,
  places: createQueuePlaces(),
  checkRoom: () => undefined,
  accept: createAcceptCheckout({
    admission: letAllIn,
    window,
    publish: (record) =>
      publisher.publish({ ...record, lane: 'purchase', since: Date.now(), gone: () => false }),
    partitions: () => partitions,
    metrics,
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
