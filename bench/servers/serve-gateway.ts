import pino from 'pino'
import { createAccess } from '../../backbone/access/authenticate.ts'
import { allowedHosts } from '../../backbone/http/listen-settings.ts'
import { serve } from '../../backbone/http/serve.ts'
import { broadcastTicks } from '../../backbone/operations/broadcast-ticks.ts'
import { createSystemModel } from '../../backbone/operations/system-model.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { createRegistry } from '../../backbone/process/metrics.ts'
import { createApp } from '../../gateway/app.ts'
import { type Accepted, createAcceptCheckout } from '../../gateway/checkout/accept-checkout.ts'
import { createAnswerCounts } from '../../gateway/checkout/count-answers.ts'
import { createIdempotencyWindow } from '../../gateway/checkout/idempotency-window.ts'
import type { GatewaySettings } from '../../gateway/config.ts'
import { createGatewayMetrics, type GatewayMetrics } from '../../gateway/metrics.ts'
import type { Admission } from '../../gateway/overload/admission.ts'
import { createQueueTickets } from '../../gateway/overload/queue-ticket.ts'
import type { CheckoutRecord, Stored } from '../../gateway/publish/checkout-record.ts'

interface BenchGateway {
  config: GatewaySettings
  admission: Admission
  createPublish: (metrics: GatewayMetrics) => (record: CheckoutRecord) => Promise<Stored>
}

/** The real gateway with another admission and another publisher; without keys, rates and results. */
export async function serveGateway({ config, admission, createPublish }: BenchGateway): Promise<void> {
  const registry = createRegistry()
  const metrics = createGatewayMetrics(registry, admission)
  const window = createIdempotencyWindow<Accepted>(config.IDEMPOTENCY_WINDOW)
  const publish = createPublish(metrics)
  const app = createApp({
    access: createAccess(undefined),
    admission,
    tickets: createQueueTickets(),
    checkRoom: () => undefined,
    accept: createAcceptCheckout({
      gateway: 'gateway',
      admission,
      window,
      publish,
      knowsPartitions: () => true,
      metrics,
    }),
    window,
    results: () => Promise.reject(new ProblemError('results-unavailable')),
    askDeliveries: async () => ({ reports: [], silent: [] }),
    relayWrite: () => Promise.reject(new ProblemError('results-unavailable')),
    redrive: () => Promise.reject(new ProblemError('results-unavailable')),
    answers: createAnswerCounts(),
    publishLoad: async () => undefined,
    operations: { answering: () => 0, ownTicks: noTicks(), draining: new AbortController().signal },
    checks: () => [],
    maxBodyBytes: config.MAX_BODY_BYTES,
    maxBatchBytes: config.MAX_BATCH_BYTES,
    bodyTimeoutMs: config.BODY_TIMEOUT_MS,
    allowedHosts: allowedHosts(config),
    origins: [],
    addressRate: { rate: undefined, trustedProxies: 0 },
    demo: config.DEMO,
    registry,
    log: pino({ level: 'silent' }),
  })
  await serve({ host: config.HOST, port: config.PORT }, app.fetch)
}

function noTicks() {
  const model = createSystemModel({
    from: 'gateway',
    partial: true,
    homePartitions: () => 1,
    followedSince: 0,
  })
  return broadcastTicks(model.tick(0), model.history())
}
