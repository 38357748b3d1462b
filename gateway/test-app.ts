import pino, { type Logger } from 'pino'
import { expect, vi } from 'vitest'
import { ProblemError } from '../backbone/problem.ts'
import { type Accepted, createAcceptCheckout } from './accept-checkout.ts'
import { createApp } from './app.ts'
import { createIdempotencyWindow } from './idempotency-window.ts'
import type { CheckoutRecord } from './publish-checkout.ts'
import type { ResultsProxy } from './results-proxy.ts'

export const MAX_BODY_BYTES = 1_000
export const MAX_BATCH_BYTES = 500_000
export const BODY_TIMEOUT_MS = 200

/** The app around a publisher and a pool of processors that the test makes do what it wants. */
export function startApp(log: Logger = pino({ level: 'silent' }), origins: string[] = []) {
  let offset = 0
  const publish = vi.fn(async ({ partition }: CheckoutRecord) => ({ partition, offset: offset++ }))
  const results = vi.fn<ResultsProxy>(async () => {
    throw new ProblemError('results-unavailable')
  })
  const notReady = vi.fn<() => ProblemError | undefined>(() => undefined)
  const window = createIdempotencyWindow<Accepted>(100)
  const app = createApp({
    accept: createAcceptCheckout({ window, publish, partitions: () => 6 }),
    accepted: window.accepted,
    results,
    notReady,
    maxBodyBytes: MAX_BODY_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    bodyTimeoutMs: BODY_TIMEOUT_MS,
    origins,
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
  return { app, post, publish, results, notReady }
}

export const problem = (code: string) =>
  expect.objectContaining({ type: `urn:problem-type:checkout:${code}` })
