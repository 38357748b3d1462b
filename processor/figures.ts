import { createLatencyBuckets } from '../backbone/figures/latency-buckets.ts'
import type { ProcessorFigures, RoleFigures } from '../backbone/figures/member-figures.ts'
import type { CountDecisions } from './consume/commit-outcomes.ts'

/** Counts the committed decisions for the figures of this processor. */
export function createDecisionCounts(now: () => number = Date.now) {
  const outcomes: ProcessorFigures['outcomes'] = {}
  const delay = createLatencyBuckets()
  let repetitions = 0
  let decided = 0

  const count: CountDecisions = (decisions) => {
    const committedAt = now()
    decided += decisions.length
    for (const { outcome, receivedAt } of decisions) {
      if (outcome === undefined || receivedAt === undefined) {
        repetitions++
        continue
      }
      outcomes[outcome.kind] = (outcomes[outcome.kind] ?? 0) + 1
      // A dead letter that was sent again was received long ago.
      if (outcome.redrive === undefined) delay.record(committedAt - receivedAt)
    }
  }

  return {
    count,
    decided: () => decided,
    figures: (): Pick<ProcessorFigures, 'outcomes' | 'repetitions' | 'delay'> => ({
      outcomes: { ...outcomes },
      repetitions,
      delay: delay.buckets(),
    }),
  }
}

export interface Progress {
  claimed: () => ProcessorFigures['partitions']
  /** Infinite until the log was asked for its ends. */
  readModelLag: () => number
}

interface FigureSources {
  decisions: Pick<ReturnType<typeof createDecisionCounts>, 'figures'>
  streams: { open: () => number }
  /** Undefined until the topics are known. */
  progress: Progress | undefined
  servesResults: boolean
}

export function processorFigures({
  decisions,
  streams,
  progress,
  servesResults,
}: FigureSources): RoleFigures {
  const lag = progress?.readModelLag() ?? 0
  return {
    role: 'processor',
    processor: {
      ...decisions.figures(),
      partitions: progress?.claimed() ?? [],
      servesResults,
      readModelLag: Number.isFinite(lag) ? lag : 0,
      streams: streams.open(),
    },
  }
}
