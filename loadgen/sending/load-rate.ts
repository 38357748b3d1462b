import { plannedEnd } from '../figures/slices.ts'
import type { LoadOptions } from '../options/load-options.ts'
import type { RateChange } from './rate-segments.ts'
import { createRecordedSchedule } from './recorded-schedule.ts'
import { createArrivalSchedule } from './schedule.ts'

/** The rate of a load at each time of the run, with the changes that were made to it. Times are since its start. */
export function createLoadRate({
  plans,
  pace,
  breakpoint,
}: Pick<LoadOptions, 'plans' | 'pace' | 'breakpoint'>) {
  const openPlans = plans.filter(({ model }) => model === 'open')
  const recorded = pace && createRecordedSchedule(pace)
  const plannedMs = plannedEnd(plans)
  let changes: readonly RateChange[] = []

  const factor = () => changes.at(-1)?.factor ?? 1

  return {
    plannedMs,
    // A breakpoint search uses the planned rates, and a recorded pace has no rate.
    isFixed: breakpoint || pace !== undefined || openPlans.length === 0,
    factor,
    changes: (): readonly RateChange[] => changes,

    /** Undefined if the load has no planned rate. */
    at(ms: number): number | undefined {
      if (openPlans.length === 0) return undefined
      if (recorded) return recorded.rateAt(ms)
      const rates = openPlans.map(({ segments }) => createArrivalSchedule(segments, changes).rateAt(ms))
      return rates.reduce((sum, rate) => sum + rate, 0)
    },

    /** The change from a time on; undefined if it changes nothing. */
    change(to: number, atMs: number): RateChange | undefined {
      if (to === factor()) return undefined
      const change = { atMs, factor: to }
      changes = [...changes, change]
      return change
    },

    /** When the last checkout is due. In a replay of so many lines, it may be due before the plan ends. */
    endOfSending(lines: number | undefined, elapsedMs: number): number {
      const [plan] = plans
      if (lines === undefined || !plan || pace) return plannedMs
      if (plan.model === 'closed') return Math.min(plannedMs, elapsedMs)
      return createArrivalSchedule(plan.segments, changes).due(lines)?.atMs ?? plannedMs
    },
  }
}
