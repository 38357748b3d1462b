import type { Violation } from '../judge/violation.ts'
import type { Resources } from '../system/sample-processes.ts'
import type { FaultFigures, KindFigures } from './fault-figures.ts'
import type { Refusals } from './refusals.ts'

/** The report of a run; written to JSON unchanged. */
export interface FaultReport {
  seed: number
  minutes: number
  rate: number
  counts: {
    sent: number
    acknowledged: number
    givenUp: number
    dataRecords: number
    /**
     * Records duplicated in DataTopic: a retry reached another gateway, or one without the remembered answer.
     */
    repetitions: number
    outcomes: number
    byKind: Record<string, number>
    conflicts: number
    deadLetters: number
    streamed: number
    subscribers: number
    resumed: number
    replaysChecked: number
    keysReused: number
  }
  refusals: Refusals
  kinds: KindFigures[]
  faults: FaultFigures[]
  resources: Record<string, Resources>
  tail: {
    /** For records stored from 30 s after the last fault on. */
    longestWaitMs: number | undefined
    noLagAfterMs: number | undefined
  }
  violations: Violation[]
}
