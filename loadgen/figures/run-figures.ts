import type { LoadOptions } from '../options/load-options.ts'
import { createVerification, type Patience } from '../outcomes/verification.ts'
import type { Outcomes, RunResult } from '../run-result.ts'
import { checkoutsOf, requestsOf, type SampleBatch } from '../sending/samples.ts'
import { createFigures, isExpected } from './figures.ts'
import { createBreakpointSearch } from './find-breakpoint.ts'
import { createTimeline } from './timeline.ts'
import { createThresholdWatch } from './watch-thresholds.ts'

interface Moment {
  elapsedMs: number
  /** Since the last tick. */
  tookMs: number
  asked: number | undefined
  sending: boolean
}

/** All that is known of a run, from what the threads and the stream of notifications tell. */
export function createRunFigures(options: LoadOptions, patience: Patience) {
  const { target, plans, verify, thresholds, breakpoint } = options
  const figures = createFigures(plans, verify)
  const timeline = createTimeline((outcome) => isExpected(outcome, verify))
  // A search for the breaking point holds its stages to them, and the run as a whole is to break one.
  const watch = createThresholdWatch(breakpoint ? [] : thresholds, figures)
  const [firstPlan] = plans
  const search =
    breakpoint && firstPlan
      ? createBreakpointSearch(firstPlan, thresholds, (stage) => figures.slices.stage(0, stage))
      : undefined
  const verification = verify
    ? createVerification(target, patience, {
        onNotification(acceptance, at) {
          figures.notification(acceptance, at)
          timeline.notification(at - acceptance.dueAt)
        },
        onWrong: (acceptance) => figures.fault('wrong', acceptance),
        onDuplicated: figures.duplicated,
      })
    : undefined
  const inFlightOf = new Map<number, number>()
  const inFlight = () => inFlightOf.values().reduce((sum, count) => sum + count, 0)
  let mostInFlight = 0
  let broken: string[] = []

  return {
    verification,
    inFlight,

    take(batch: SampleBatch, worker: number) {
      inFlightOf.set(worker, batch.inFlight)
      mostInFlight = Math.max(mostInFlight, inFlight())
      for (const sample of requestsOf(batch)) {
        figures.request(sample)
        timeline.request(sample.outcome, sample.endedAt - sample.dueAt)
      }
      for (const sample of checkoutsOf(batch)) {
        figures.checkout(sample)
        if (sample.accepted) timeline.accepted()
        const { eventId } = sample
        if (eventId !== undefined) verification?.ledger.accepted({ ...sample, eventId })
      }
      for (const { scenario, stage, count } of batch.dropped) {
        figures.dropped(scenario, stage, count)
        timeline.dropped(count)
      }
    },

    /** Once a second. Returns why the run should end now, if it should. */
    tick({ elapsedMs, tookMs, asked, sending }: Moment): string | undefined {
      timeline.tick(elapsedMs, tookMs, asked, inFlight())
      if (!sending) return undefined
      broken = watch.tick(elapsedMs)
      const aborting = watch.aborting(elapsedMs)
      if (aborting !== undefined) return `threshold broken: ${aborting}`
      return search?.tick(elapsedMs) ? 'the breaking point is found' : undefined
    },

    progress: () => ({
      ...timeline.last(),
      recentP99: timeline.recentP99(),
      sent: figures.total.counts.http_reqs,
      accepted: figures.total.counts.accepted,
      dropped: figures.total.counts.dropped_iterations,
      retries: figures.total.counts.retries,
      failures: figures.total.failures,
      inFlight: inFlight(),
      outstanding: verification?.ledger.outstanding(),
      duplicated: figures.total.counts.duplicated,
      broken,
    }),

    /** To be asked for once, at the end. */
    results(sendingMs: number): Pick<RunResult, 'metrics'> & ResultParts {
      for (const acceptance of verification?.ledger.pending() ?? []) figures.fault('lost', acceptance)
      const seconds = sendingMs / 1000
      const outcomes = verification?.outcomes()
      // One event id for two checkouts: one of them has no outcome of its own.
      figures.total.counts.lost = outcomes?.lost ?? 0
      const judged = watch.results(seconds)
      return {
        metrics: {
          ...figures.total.values(seconds),
          vus: { value: inFlight(), min: 0, max: mostInFlight },
          ...watch.metrics(seconds),
        },
        ...figures.slices.results(sendingMs),
        failures: Object.fromEntries(figures.total.failures),
        thresholds: judged,
        outcomes,
        breakpoint: search?.result(sendingMs),
        timeline: [...timeline.points()],
        histograms: figures.histograms(),
      }
    },
  }
}

type ResultParts = Pick<
  RunResult['load'],
  'stages' | 'lanes' | 'scenarios' | 'failures' | 'thresholds' | 'breakpoint' | 'timeline' | 'histograms'
> & { outcomes: Outcomes | undefined }
