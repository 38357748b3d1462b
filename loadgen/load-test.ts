import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { now } from './clock.ts'
import { createRunFigures } from './figures/run-figures.ts'
import type { LoadOptions } from './options/load-options.ts'
import type { Patience } from './outcomes/verification.ts'
import type { Phase, Progress } from './progress.ts'
import type { RunResult } from './run-result.ts'
import { createLoadRate } from './sending/load-rate.ts'
import { COMMAND_MS, createSenderThreads } from './sending/sender-threads.ts'
import { createRecording } from './shoppers/recording.ts'
import { sleep } from './sleep.ts'

const TICK_MS = 1_000
// By then all threads have reported a full second.
const TICK_LAG_MS = 50
// As in k6: after this there are no more retries; only answers are awaited.
const GRACEFUL_STOP_MS = 30_000
const PATIENCE: Patience = { withoutOutcomeMs: 30_000, forDuplicatesMs: 1_000 }

/** One run. Nothing happens before `run` is called. */
export function createLoadTest(options: LoadOptions, patience = PATIENCE) {
  const { name, target, seed, tags, verify } = options
  const rate = createLoadRate(options)
  const { plannedMs } = rate
  const figures = createRunFigures(options, patience)
  let phase: Phase = 'connecting'
  let startAt = now()
  let stoppedMs = Number.POSITIVE_INFINITY
  let endedEarly: string | undefined
  let isAnswered = false
  let threads: ReturnType<typeof createSenderThreads> | undefined

  const elapsed = () => now() - startAt
  const canChangeRate = () => phase === 'sending' && !rate.isFixed

  /** After a stop nothing more is asked for. */
  function askedAt(ms: number): number | undefined {
    const asked = rate.at(ms)
    return asked !== undefined && ms > stoppedMs ? 0 : asked
  }

  function stop(reason: string) {
    if (phase !== 'sending') return
    phase = 'waiting for answers'
    endedEarly = reason
    stoppedMs = elapsed()
    threads?.stop()
  }

  function tick() {
    const elapsedMs = elapsed()
    const reason = figures.tick({ askedAt, sending: phase === 'sending' }, isAnswered ? elapsedMs : 0)
    if (reason !== undefined) stop(reason)
    if (phase === 'sending' && elapsedMs >= plannedMs) phase = 'waiting for answers'
    if (elapsedMs >= plannedMs + GRACEFUL_STOP_MS) threads?.stop()
  }

  async function tickRegularly(over: AbortSignal): Promise<void> {
    for (let mark = TICK_MS; !over.aborted; mark += TICK_MS) {
      await sleep(Math.max(0, startAt + mark + TICK_LAG_MS - now()), over)
      if (!over.aborted) tick()
    }
  }

  return {
    /**
     * Rejects with a RequestError if the target or its stream cannot be reached. Aborting `stopSending` ends
     * sending; aborting `stopWaiting` ends the wait for answers and outcomes. The result covers everything
     * until then.
     */
    async run(stopSending: AbortSignal, stopWaiting: AbortSignal): Promise<RunResult> {
      const recording = await createRecording(options.record, (reason) => {
        stop(reason)
        // Also if everything has already been sent.
        endedEarly = reason
      })
      threads = createSenderThreads(
        { ...options, run: randomUUID(), needsEventId: verify, record: recording !== undefined },
        (batch, worker) => {
          // A run that no longer waits reports what was known at that time.
          if (isAnswered) return
          figures.take(batch, worker)
          recording?.add(batch.bodies.map(({ body, dueAt }) => ({ body, atMs: dueAt - startAt })))
        },
        (worker) => figures.finished(worker),
      )
      stopSending.addEventListener('abort', () => stop('interrupted'))
      const over = new AbortController()
      try {
        const replayLines = await threads.ready()
        await figures.verification?.open()

        phase = 'sending'
        startAt = now() + COMMAND_MS
        threads.start(startAt)
        void tickRegularly(over.signal)
        await Promise.race([threads.done(), aborted(stopWaiting)])
        isAnswered = true
        const sendingMs = Math.min(stoppedMs, rate.endOfSending(replayLines, elapsed()))
        const unanswered = figures.inFlight()

        phase = 'waiting for outcomes'
        await figures.verification?.settle(stopWaiting)
        over.abort()
        tick()
        await recording?.close()

        const { metrics, ...parts } = figures.results(sendingMs, askedAt)
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
            rateChanges: rate.changes().map(({ atMs, factor }) => ({ at: atMs / 1000, factor })),
            unanswered,
            replayLines,
            ...parts,
          },
        }
      } finally {
        over.abort()
        await figures.verification?.close()
        await threads.terminate()
      }
    },

    /**
     * Multiplies the planned rates from now on. No effect with VUs, a recorded pace or a breakpoint search.
     */
    changeRate: (factor: number): void => {
      const change = canChangeRate() ? rate.change(factor, elapsed() + COMMAND_MS) : undefined
      if (change) threads?.changeRate(change)
    },

    progress: (): Progress => ({
      name,
      target,
      phase,
      elapsedMs: Math.max(0, elapsed()),
      plannedMs,
      canChangeRate: canChangeRate(),
      askedRate: phase === 'sending' ? askedAt(elapsed()) : undefined,
      rateFactor: rate.factor(),
      ...figures.progress(),
    }),
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
