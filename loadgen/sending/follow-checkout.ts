import { now } from '../clock.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import { sleep } from '../sleep.ts'
import type { CheckoutSource } from './checkout-source.ts'
import type { Place, SampleBuffer } from './samples.ts'
import type { Sender, SendResult } from './send-checkout.ts'

const MAX_BACKOFF_MS = 30_000

interface Wiring {
  plan: ScenarioPlan
  /** Index of the plan among the run's. */
  scenario: number
  sourceOf: CheckoutSource
  sender: Sender
  samples: SampleBuffer
  /** Also keep the sent bodies. */
  record: boolean
  /**
   * Prefix of every idempotency key before the number of the iteration: another run makes other purchases.
   */
  keyPrefix: string
  /** From 0 to 1. */
  random: () => number
  /** After it is aborted, nothing new is started, not even a retry. */
  stop: AbortSignal
}

/** Sends a checkout, with sane retries under the same key, until it has a final answer. */
export function createCheckoutFollower(wiring: Wiring) {
  const { plan, scenario, sourceOf, sender, samples, record, keyPrefix, random, stop } = wiring

  /** Exponential with half jitter, unless the target asks for more. */
  function pauseAfter(attempt: number, { retryAfterMs }: SendResult): number {
    const backoff = Math.min(plan.backoffMs * 2 ** (attempt - 1), MAX_BACKOFF_MS)
    return Math.max(retryAfterMs, backoff * (0.5 + random() / 2))
  }

  /** Resolves with whether there was an answer. */
  return async (iteration: number, dueAt: number, stage: number): Promise<boolean> => {
    const { body, lane, expected } = sourceOf(iteration)
    const place: Place = { scenario, stage, lane }
    const key = `${keyPrefix}-${iteration}`
    if (record) samples.body(body, dueAt)

    let requestDueAt = dueAt
    let firstSentAt: number | undefined
    for (let attempt = 1; ; attempt++) {
      const sentAt = now()
      // A timer may fire slightly early.
      requestDueAt = Math.min(requestDueAt, sentAt)
      firstSentAt ??= sentAt
      samples.sent()
      const result = await sender.send(key, body)
      const endedAt = now()
      const { outcome, resent, bytesSent, bytesReceived } = result
      const times = { dueAt: requestDueAt, sentAt, endedAt }
      const bytes = { bytesSent, bytesReceived }
      samples.request({ ...place, ...times, ...bytes, outcome, resent, retry: attempt > 1 })

      if (attempt < plan.attempts && isWorthRetrying(result) && !stop.aborted) {
        const pause = pauseAfter(attempt, result)
        requestDueAt = endedAt + pause
        await sleep(pause, stop)
        if (!stop.aborted) continue
      }
      samples.checkout({
        ...place,
        dueAt,
        sentAt: firstSentAt,
        endedAt,
        eventId: result.eventId,
        accepted: outcome === 202,
        expected,
      })
      return typeof outcome === 'number'
    }
  }
}

const isWorthRetrying = ({ outcome }: SendResult) =>
  typeof outcome === 'string' || outcome === 429 || outcome >= 500
