import { now } from '../clock.ts'
import { sleep } from '../sleep.ts'
import type { VuSchedule } from './vu-schedule.ts'

// If the target is not reachable, clients would otherwise retry without a break.
const UNANSWERED_PAUSE_MS = 100

interface Vus {
  schedule: VuSchedule
  /** Time of `now()` from which the schedule counts. */
  startAt: number
  /** The numbers of the VUs of this thread. */
  vus: Iterable<number>
  /** Shared by all of them. */
  iterations: Iterator<number>
  thinkMs: () => number
  /** Resolves with whether there was an answer. */
  run: (iteration: number, dueAt: number, stage: number) => Promise<boolean>
}

/** Closed model: each VU sends its next checkout after the answer to the previous one and its think time. */
export async function runVus({ schedule, startAt, vus, iterations, thinkMs, run }: Vus, signal: AbortSignal) {
  async function work(vu: number): Promise<void> {
    while (!signal.aborted) {
      const activeAt = schedule.activeFrom(vu, now() - startAt)
      if (activeAt === undefined) return
      const wait = startAt + activeAt - now()
      if (wait > 0) {
        await sleep(wait, signal)
        continue
      }
      const { value: iteration, done } = iterations.next()
      if (done) return
      const dueAt = now()
      const isAnswered = await run(iteration, dueAt, schedule.stageAt(dueAt - startAt))
      const pause = isAnswered ? thinkMs() : Math.max(thinkMs(), UNANSWERED_PAUSE_MS)
      // There is no think time after its last checkout.
      if (schedule.activeFrom(vu, now() + pause - startAt) === undefined) return
      if (pause > 0) await sleep(pause, signal)
    }
  }
  await Promise.all(Array.from(vus, work))
}
