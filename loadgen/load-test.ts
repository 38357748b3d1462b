import { randomUUID } from 'node:crypto'
import type { LoadOptions } from './options.ts'
import { createRequestFigures, type RequestFigures, type RequestTimes } from './request-figures.ts'
import { runSchedule } from './run-schedule.ts'
import { constantArrivalRate } from './schedule.ts'
import { createSender } from './send-checkout.ts'
import { createShoppers } from './shopper.ts'
import { sleep } from './sleep.ts'
import { createVerification, type OutcomeFigures, type Patience } from './verification.ts'

const MAX_IN_FLIGHT = 10_000
const POLL_MS = 10
const PATIENCE: Patience = { withoutOutcomeMs: 30_000, forDoublesMs: 1_000 }

export interface Progress {
  phase: 'connecting' | 'sending' | 'waiting for answers' | 'waiting for outcomes'
  elapsedMs: number
  requests: RequestFigures
  /** Accepted, but without an outcome yet. */
  outstanding: number | undefined
}

export interface LoadSummary {
  options: LoadOptions
  sendingMs: number
  requests: RequestFigures
  times: RequestTimes
  outcomes: OutcomeFigures | undefined
}

/** One run. Nothing happens before `run` is called. */
export function createLoadTest(options: LoadOptions, patience = PATIENCE) {
  const { target, rate, durationMs, seed, verify } = options
  const shopperOf = createShoppers(seed)
  const sender = createSender(target, randomUUID())
  const requests = createRequestFigures()
  const verification = verify ? createVerification(target, patience) : undefined
  let phase: Progress['phase'] = 'connecting'
  let startedAt = performance.now()

  async function sendOne(iteration: number, dueAt: number): Promise<void> {
    const checkout = shopperOf(iteration)
    verification?.ledger.sending(checkout.id)
    const sentAt = performance.now()
    requests.sent(sentAt - dueAt)
    const result = await sender.send(iteration, checkout)
    requests.ended(result, performance.now() - dueAt)
    const eventId = 'eventId' in result ? result.eventId : undefined
    verification?.ledger.answered(eventId, { checkout, sentAt, dueAt })
  }

  return {
    /**
     * Rejects with a RequestError when the target or its stream cannot be reached. Aborting `stopSending` ends the
     * sending, aborting `stopWaiting` the waiting for outcomes; the summary is of what was done until then.
     */
    async run(stopSending: AbortSignal, stopWaiting: AbortSignal): Promise<LoadSummary> {
      await sender.reach()
      await verification?.open()

      phase = 'sending'
      startedAt = performance.now()
      await runSchedule(
        constantArrivalRate(rate, durationMs),
        {
          start(iteration, dueAt) {
            if (requests.inFlight() >= MAX_IN_FLIGHT) requests.dropped()
            else void sendOne(iteration, dueAt)
          },
          drop: requests.dropped,
        },
        stopSending,
      )
      const sendingMs = performance.now() - startedAt

      phase = 'waiting for answers'
      while (requests.inFlight() > 0 && !stopWaiting.aborted) await sleep(POLL_MS, stopWaiting)
      sender.close()

      phase = 'waiting for outcomes'
      await verification?.settle(stopWaiting)
      return {
        options,
        sendingMs,
        requests: requests.figures(),
        times: requests.times(),
        outcomes: verification?.figures(),
      }
    },
    progress: (): Progress => ({
      phase,
      elapsedMs: performance.now() - startedAt,
      requests: requests.figures(),
      outstanding: verification?.ledger.outstanding(),
    }),
  }
}
