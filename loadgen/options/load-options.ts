import type { PlannedThreshold } from '../figures/planned-thresholds.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import type { RecordedPace } from '../sending/recorded-schedule.ts'
import type { Target } from '../target.ts'

export interface LoadOptions extends Target {
  name: string
  plans: ScenarioPlan[]
  thresholds: PlannedThreshold[]
  breakpoint: boolean
  seed: number
  /** Follow every accepted checkout to its outcome. */
  verify: boolean
  tags: Record<string, string>
  workers: number
  quiet: boolean
  /** Show the run on the operations page of the target. */
  dashboard: boolean
  /** Paths. */
  record: string | undefined
  replay: string | undefined
  /** Times of the replay, which replace those of the plans. */
  pace: RecordedPace | undefined
  summaryExport: string | undefined
  report: string | undefined
}
