import type { SampleBatch, StageCount } from '../sending/samples.ts'

/** The latest report of each sending thread: how far the run is known, and what has no answer yet. */
export function createThreadReports() {
  const latest = new Map<number, Pick<SampleBatch, 'unanswered' | 'untilMs'>>()
  let most = 0
  let least = Number.POSITIVE_INFINITY

  const unanswered = (): StageCount[] =>
    latest
      .values()
      .flatMap((report) => report.unanswered)
      .toArray()
  const inFlight = (): number => sum(unanswered())

  return {
    inFlight,
    take(batch: SampleBatch, worker: number): void {
      latest.set(worker, batch)
      most = Math.max(most, inFlight())
      least = Math.min(least, inFlight())
    },

    /** From now on only the reports of the other threads define the time. */
    finished(worker: number): void {
      const last = latest.get(worker)
      if (last) latest.set(worker, { unanswered: last.unanswered, untilMs: Number.POSITIVE_INFINITY })
    },

    /** Until when all threads have reported; undefined before the first report, and after the last. */
    untilMs(): number | undefined {
      const reportedMs = Math.min(...latest.values().map(({ untilMs }) => untilMs))
      return Number.isFinite(reportedMs) ? reportedMs : undefined
    },

    inFlightOfStage: (stage: number): number => sum(unanswered().filter((each) => each.stage === stage)),

    range: (): { min: number; max: number } => ({ min: Math.min(least, most), max: most }),
  }
}

const sum = (counts: readonly StageCount[]) => counts.reduce((total, { count }) => total + count, 0)
