import type { Violation } from '../judge/violation.ts'
import type { Resources } from '../system/sample-processes.ts'
import type { FaultFigures, KindFigures } from './fault-figures.ts'
import type { Refusals } from './refusals.ts'

/** All that is told of a run, to a machine as it is. */
export interface FaultReport {
  seed: number
  minutes: number
  rate: number
  counts: {
    sent: number
    acknowledged: number
    givenUp: number
    dataRecords: number
    /** Records doubled in DataTopic: a retry found another gateway, or one that could not know. */
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
    /** Of records stored from 30 s after the last fault on. */
    longestWaitMs: number | undefined
    noLagAfterMs: number | undefined
  }
  violations: Violation[]
}
