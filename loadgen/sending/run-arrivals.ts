import { setImmediate } from 'node:timers/promises'
import { now } from '../clock.ts'
import { sleep } from '../sleep.ts'
import type { ArrivalSchedule } from './schedule.ts'

const MAX_LATE_MS = 1_000
const STARTS_PER_TURN = 50
// The schedule may change during the sleep.
const MAX_SLEEP_MS = 50

interface Arrivals {
  /** Called for each iteration: its rates may change during the run. */
  schedule: () => ArrivalSchedule
  /** Time of `now()` from which the schedule counts. */
  startAt: number
  /** The numbers of the iterations of this thread. */
  iterations: Iterable<number>
  start: (iteration: number, dueAt: number, stage: number) => void
  /** The iteration could not be started in time, because this process was delayed. */
  drop: (stage: number) => void
}

/** Starts each iteration when it is due, never early; drops and reports one that is too late. Ends early when aborted. */
export async function runArrivals(arrivals: Arrivals, signal: AbortSignal): Promise<void> {
  const { schedule, startAt, iterations, start, drop } = arrivals
  let turn = 0
  for (const iteration of iterations) {
    let due = schedule().due(iteration)
    while (due && startAt + due.atMs > now()) {
      await sleep(Math.min(Math.max(1, startAt + due.atMs - now()), MAX_SLEEP_MS), signal)
      if (signal.aborted) return
      due = schedule().due(iteration)
    }
    if (!due) return
    const dueAt = startAt + due.atMs
    if (now() - dueAt > MAX_LATE_MS) drop(due.stage)
    else start(iteration, dueAt, due.stage)

    if (++turn % STARTS_PER_TURN === 0) {
      // Starting many without a break would leave answers unread, and their latency would be this program's.
      await setImmediate()
      if (signal.aborted) return
    }
  }
}
