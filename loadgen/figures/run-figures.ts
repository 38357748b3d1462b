import type { LoadOptions } from '../options/load-options.ts'
import { isNotified } from '../outcomes/expected-outcome.ts'
import { createVerification, type Patience } from '../outcomes/verification.ts'
import type { Outcomes, RunResult } from '../run-result.ts'
import { checkoutsOf, requestsOf, type SampleBatch } from '../sending/samples.ts'
import { createFigures, isExpected } from './figures.ts'
import { createBreakpointSearch, type StageFigures } from './find-breakpoint.ts'
import { createThreadReports } from './thread-reports.ts'
import { createTimeline } from './timeline.ts'
import { createThresholdWatch } from './watch-thresholds.ts'

interface Moment {
  /** The planned rate at a time of the run. */
  askedAt: (ms: number) => number | undefined
  sending: boolean
}

/** All figures of a run, from the reports of the threads and from the stream of notifications. */
export function createRunFigures(options: LoadOptions, patience: Patience) {
  const { plans, verify, thresholds, breakpoint } = options
  const figures = createFigures(plans, verify)
  const timeline = createTimeline((outcome) => isExpected(outcome, verify))
  // A breakpoint search tests its stages against them; the run as a whole is expected to break one.
  const watch = createThresholdWatch(breakpoint ? [] : thresholds, figures)
  const [firstPlan] = plans
  const search =
    breakpoint && firstPlan ? createBreakpointSearch(firstPlan, thresholds, stageFigures) : undefined
  const verification = verify
    ? createVerification(options, patience, {
        onNotification(acceptance, at) {
          figures.notification(acceptance, at)
          timeline.notification(at - acceptance.dueAt)
        },
        onWrong: (acceptance) => figures.fault('wrong', acceptance),
        onDuplicated: figures.duplicated,
      })
    : undefined
  const reports = createThreadReports()
  const { inFlight } = reports
  let sent = 0
  let reportedUntilMs = 0
  let broken: string[] = []

  function stageFigures(stage: number): StageFigures | undefined {
    const metrics = figures.slices.stage(0, stage)
    const pending = verification?.ledger.pending() ?? []
    return (
      metrics && {
        metrics,
        unanswered: reports.inFlightOfStage(stage),
        unnotified: Iterator.from(pending)
          .filter((acceptance) => acceptance.stage === stage && isNotified(acceptance.expected))
          .toArray().length,
      }
    )
  }

  return {
    verification,
    inFlight,

    take(batch: SampleBatch, worker: number) {
      reports.take(batch, worker)
      sent += batch.sent
      timeline.sent(batch.sent)
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

    finished: (worker: number) => reports.finished(worker),

    /** Once a second. Returns why the run should end now, if it should. */
    tick({ askedAt, sending }: Moment, atLeastMs = 0): string | undefined {
      // Time advances as far as all threads have reported: later samples are still missing.
      const elapsedMs = Math.max(atLeastMs, reports.untilMs() ?? 0)
      const tookMs = elapsedMs - reportedUntilMs
      if (tookMs <= 0) return undefined
      reportedUntilMs = elapsedMs
      timeline.tick(elapsedMs, tookMs, askedAt(elapsedMs - tookMs / 2), inFlight())
      broken = watch.tick(elapsedMs, sending)
      if (!sending) return undefined
      const aborting = watch.aborting(elapsedMs)
      if (aborting !== undefined) return `threshold broken: ${aborting}`
      return search?.tick(elapsedMs) ? 'the breaking point was found' : undefined
    },

    progress: () => ({
      ...timeline.last(),
      recentP99: timeline.recentP99(),
      sent,
      accepted: figures.total.counts.accepted,
      dropped: figures.total.counts.dropped_iterations,
      retries: figures.total.counts.retries,
      failures: figures.total.failures,
      inFlight: inFlight(),
      outstanding: verification?.ledger.outstanding(),
      duplicated: figures.total.counts.duplicated,
      broken,
    }),

    /** Call it once, at the end. */
    results(sendingMs: number, askedAt: Moment['askedAt']): Pick<RunResult, 'metrics'> & ResultParts {
      for (const acceptance of verification?.ledger.lost() ?? []) figures.fault('lost', acceptance)
      const seconds = sendingMs / 1000
      const outcomes = verification?.outcomes()
      // If two checkouts have one event id, one of them has no outcome of its own.
      figures.total.counts.lost = outcomes?.lost ?? 0
      const judged = watch.results(seconds)
      return {
        metrics: {
          ...figures.total.values(seconds),
          in_flight: { value: inFlight(), ...reports.range() },
          ...watch.metrics(seconds),
        },
        ...figures.slices.results(sendingMs),
        failures: Object.fromEntries(figures.total.failures),
        thresholds: judged,
        outcomes,
        breakpoint: search?.result(sendingMs, reportedUntilMs),
        timeline: [...timeline.points(askedAt(reportedUntilMs), inFlight())],
        histograms: figures.histograms(),
      }
    },
  }
}

type ResultParts = Pick<
  RunResult['load'],
  'stages' | 'lanes' | 'scenarios' | 'failures' | 'thresholds' | 'breakpoint' | 'timeline' | 'histograms'
> & { outcomes: Outcomes | undefined }
