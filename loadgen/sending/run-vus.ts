import { now } from '../clock.ts'
import { sleep } from '../sleep.ts'
import type { VuSchedule } from './vu-schedule.ts'

interface Vus {
  schedule: VuSchedule
  /** Time of `now()` from which the schedule counts. */
  startAt: number
  /** The numbers of those that are this caller's. */
  vus: Iterable<number>
  /** Shared by all of them. */
  iterations: Iterator<number>
  thinkMs: () => number
  run: (iteration: number, dueAt: number, stage: number) => Promise<void>
}

/** Closed model: each VU sends its next checkout when the last one has been answered and it has thought. */
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
      await run(iteration, dueAt, schedule.stageAt(dueAt - startAt))
      const pause = thinkMs()
      if (pause > 0) await sleep(pause, signal)
    }
  }
  await Promise.all(Array.from(vus, work))
}
