import pino, { type Logger } from 'pino'
import { Registry } from 'prom-client'
import { expect, vi } from 'vitest'
import { type Access, createAccess } from '../../backbone/access/authenticate.ts'
import type { HealthCheck } from '../../backbone/http/health-check.ts'
import { broadcastTicks } from '../../backbone/operations/broadcast-ticks.ts'
import { createSystemModel } from '../../backbone/operations/system-model.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { Tracing } from '../../backbone/tracing/tracing.ts'
import { createApp } from '../app.ts'
import { type Accepted, createAcceptCheckout } from '../checkout/accept-checkout.ts'
import { createAnswerCounts } from '../checkout/count-answers.ts'
import { createIdempotencyWindow } from '../checkout/idempotency-window.ts'
import { createDeadLetterReads } from '../dead-letters/read-dead-letters.ts'
import { createRedrive } from '../dead-letters/redrive.ts'
import { createGatewayMetrics } from '../metrics.ts'
import type { PublishLoad } from '../operations/post-load.ts'
import { createAdmission } from '../overload/admission.ts'
import { createQueueTickets } from '../overload/queue-ticket.ts'
import type { AddressRate } from '../overload/rate-limit.ts'
import type { CheckoutRecord } from '../publish/checkout-record.ts'
import type { AskDeliveries } from '../results/ask-deliveries.ts'
import type { RelayWrite } from '../results/relay-write.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

const PARTITIONS = 6
export const MAX_BODY_BYTES = 1_000
export const MAX_BATCH_BYTES = 500_000
export const BODY_TIMEOUT_MS = 200

interface TestAppOptions {
  log?: Logger | undefined
  origins?: string[]
  access?: Access
  addressRate?: AddressRate
  demo?: boolean
  tracing?: Tracing
}

/** The app with a fake publisher and a fake processor pool. */
export function startApp({
  log = pino({ level: 'silent' }),
  access,
  origins = [],
  addressRate = { rate: undefined, trustedProxies: 0 },
  demo = false,
  tracing,
}: TestAppOptions = {}) {
  let offset = 0
  const publish = vi.fn(async ({ partitionAmong }: CheckoutRecord) => ({
    partition: partitionAmong(PARTITIONS),
    offset: offset++,
  }))
  const results = vi.fn<ResultsProxy>(async () => {
    throw new ProblemError('results-unavailable')
  })
  const relayWrite = vi.fn<RelayWrite>(async () => {
    throw new ProblemError('results-unavailable')
  })
  const publishLoad = vi.fn<PublishLoad>(async () => undefined)
  const checks = vi.fn<() => HealthCheck[]>(() => [{ name: 'kafka', status: 'pass' }])
  const tickets = createQueueTickets({ secret: 'a secret of all gateways' })
  const window = createIdempotencyWindow<Accepted>(100)
  const admission = createAdmission({ most: 100, requestRecords: 1_000, isOverloaded: () => false })
  const registry = new Registry()
  const metrics = createGatewayMetrics(registry, admission)
  const redriven = vi.fn()
  const redrive = createRedrive({
    gateway: 'gateway-1',
    reads: createDeadLetterReads((...asked) => results(...asked)),
    admission,
    window,
    publish,
    knowsPartitions: () => true,
    metrics,
    onRedriven: redriven,
  })
  const checkRoom = vi.fn<(since: number) => void>()
  const answers = createAnswerCounts()
  const model = createSystemModel({
    from: 'gateway-1',
    partial: true,
    homePartitions: () => 1,
    followedSince: 0,
  })
  const ownTicks = broadcastTicks(model.tick(Date.now()), model.history())
  const answering = vi.fn(() => 1)
  const askDeliveries = vi.fn<AskDeliveries>(async () => ({ reports: [], silent: [] }))
  const draining = new AbortController()
  const app = createApp({
    admission,
    tickets,
    checkRoom,
    access: access ?? createAccess(undefined),
    accept: createAcceptCheckout({
      gateway: 'gateway-1',
      admission,
      window,
      publish,
      knowsPartitions: () => true,
      metrics,
    }),
    window,
    results,
    askDeliveries,
    relayWrite,
    redrive,
    answers,
    publishLoad,
    operations: { answering, ownTicks, draining: draining.signal },
    checks,
    maxBodyBytes: MAX_BODY_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    bodyTimeoutMs: BODY_TIMEOUT_MS,
    allowedHosts: access === undefined ? [] : undefined,
    origins,
    addressRate,
    demo,
    registry,
    tracing,
    log,
  })
  const post = async (
    body: string | Uint8Array | ReadableStream<Uint8Array> | null,
    headers: Record<string, string> = {},
  ) =>
    app.request('/checkout', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  return {
    app,
    post,
    publish,
    results,
    askDeliveries,
    relayWrite,
    answering,
    redriven,
    publishLoad,
    checks,
    admission,
    checkRoom,
    answers,
  }
}

export const problem = (code: string) =>
  expect.objectContaining({ type: `urn:problem-type:checkout:${code}` })
