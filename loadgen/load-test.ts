import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { now } from './clock.ts'
import { createRunFigures } from './figures/run-figures.ts'
import { plannedEnd } from './figures/slices.ts'
import type { LoadOptions } from './options/load-options.ts'
import type { Patience } from './outcomes/verification.ts'
import type { Phase, Progress } from './progress.ts'
import type { RunResult } from './run-result.ts'
import type { RateChange } from './sending/rate-segments.ts'
import { createArrivalSchedule } from './sending/schedule.ts'
import { COMMAND_MS, createSenderThreads } from './sending/sender-threads.ts'
import { createRecording } from './shoppers/recording.ts'

const TICK_MS = 1_000
const LEAST_TICK_MS = 250
// As in k6: after this nobody asks again; only answers are waited for.
const GRACEFUL_STOP_MS = 30_000
const PATIENCE: Patience = { withoutOutcomeMs: 30_000, forDoublesMs: 1_000 }

/** One run. Nothing happens before `run` is called. */
export function createLoadTest(options: LoadOptions, patience = PATIENCE) {
  const { name, target, plans, seed, tags, verify, replay } = options
  const openPlans = plans.filter(({ model }) => model === 'open')
  const plannedMs = plannedEnd(plans)
  const figures = createRunFigures(options, patience)
  let phase: Phase = 'connecting'
  let startAt = now()
  let tickedAt = startAt
  let stoppedMs = Number.POSITIVE_INFINITY
  let endedEarly: string | undefined
  let changes: RateChange[] = []
  let threads: ReturnType<typeof createSenderThreads> | undefined

  const elapsed = () => now() - startAt

  function askedAt(ms: number): number | undefined {
    if (openPlans.length === 0) return undefined
    const rates = openPlans.map(({ segments }) => createArrivalSchedule(segments, changes).rateAt(ms))
    return rates.reduce((sum, rate) => sum + rate, 0)
  }

  function stop(reason: string) {
    if (phase !== 'sending') return
    phase = 'waiting for answers'
    endedEarly = reason
    stoppedMs = elapsed()
    threads?.stop()
  }

  function tick() {
    const tookMs = now() - tickedAt
    tickedAt = now()
    const elapsedMs = elapsed()
    const asked = askedAt(elapsedMs - tookMs / 2)
    const reason = figures.tick({ elapsedMs, tookMs, asked, sending: phase === 'sending' })
    if (reason !== undefined) stop(reason)
    if (phase === 'sending' && elapsedMs >= plannedMs) phase = 'waiting for answers'
    if (elapsedMs >= plannedMs + GRACEFUL_STOP_MS) threads?.stop()
  }

  return {
    /**
     * Rejects with a RequestError when the target or its stream cannot be reached. Aborting `stopSending` ends the
     * sending, aborting `stopWaiting` the waiting for answers and outcomes; the result is of what was done until then.
     */
    async run(stopSending: AbortSignal, stopWaiting: AbortSignal): Promise<RunResult> {
      const recording = await createRecording(options.record, stop)
      threads = createSenderThreads(
        { ...options, run: randomUUID(), needsEventId: verify, record: recording !== undefined },
        (batch, worker) => {
          figures.take(batch, worker)
          recording?.add(batch.bodies)
        },
      )
      stopSending.addEventListener('abort', () => stop('interrupted'))
      let ticker: ReturnType<typeof setInterval> | undefined
      try {
        await threads.ready()
        await figures.verification?.open()

        phase = 'sending'
        startAt = now() + COMMAND_MS
        tickedAt = startAt
        threads.start(startAt)
        ticker = setInterval(tick, TICK_MS)
        await Promise.race([threads.done(), aborted(stopWaiting)])
        // The last one is due before the end; only a file that is replayed may run out before that.
        const sendingMs = Math.min(plannedMs, stoppedMs, replay === undefined ? plannedMs : elapsed())
        const unanswered = figures.inFlight()

        phase = 'waiting for outcomes'
        await figures.verification?.settle(stopWaiting)
        if (now() - tickedAt >= LEAST_TICK_MS) tick()
        await recording?.close()

        const { metrics, ...parts } = figures.results(sendingMs)
        return {
          metrics,
          load: {
            name,
            target,
            seed,
            tags,
            startedAt: new Date(startAt).toISOString(),
            seconds: sendingMs / 1000,
            endedEarly,
            rateChanges: changes.map(({ atMs, factor }) => ({ at: atMs / 1000, factor })),
            unanswered,
            ...parts,
          },
        }
      } finally {
        clearInterval(ticker)
        await figures.verification?.close()
        await threads.terminate()
      }
    },

    /** Multiplies the planned rates from now on; nothing happens where VUs decide. */
    changeRate: (factor: number): void => {
      if (phase !== 'sending') return
      const change = { atMs: elapsed() + COMMAND_MS, factor }
      changes = [...changes, change]
      threads?.changeRate(change)
    },

    progress: (): Progress => ({
      name,
      target,
      phase,
      elapsedMs: Math.max(0, elapsed()),
      plannedMs,
      askedRate: phase === 'sending' ? askedAt(elapsed()) : undefined,
      rateFactor: changes.at(-1)?.factor ?? 1,
      ...figures.progress(),
    }),
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
