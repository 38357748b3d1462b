import { setImmediate } from 'node:timers/promises'
import type { Schedule } from './schedule.ts'
import { sleep } from './sleep.ts'

const MAX_LATE_MS = 1_000
const STARTS_PER_TURN = 50

interface Iterations {
  /** Times are of `performance.now()`. */
  start: (iteration: number, dueAt: number) => void
  /** It could not be started in time, because this process itself was held up. */
  drop: () => void
}

/** Starts each iteration when it is due, never early, and never late without saying so. Ends early when aborted. */
export async function runSchedule(
  schedule: Schedule,
  { start, drop }: Iterations,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now()
  for (let iteration = 0; iteration < schedule.iterations; iteration++) {
    const dueAt = startedAt + schedule.dueAt(iteration)
    for (let ms = dueAt - performance.now(); ms > 0; ms = dueAt - performance.now()) {
      await sleep(Math.max(1, ms), signal)
      if (signal.aborted) return
    }
    if (performance.now() - dueAt > MAX_LATE_MS) drop()
    else start(iteration, dueAt)

    if (iteration % STARTS_PER_TURN === STARTS_PER_TURN - 1) {
      // Starting many in a row would leave the answers of the others unread, and their latency would be ours.
      await setImmediate()
      if (signal.aborted) return
    }
  }
}
