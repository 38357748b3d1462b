import { endOf, type ScenarioPlan } from '../scenario-plan.ts'
import type { PlacedSegment } from '../sending/rate-segments.ts'
import { createArrivalSchedule } from '../sending/schedule.ts'
import type { ShopperShares } from '../shoppers/shopper-shares.ts'

/** What is asked of a ready-made load in other words than its own. */
export interface Adjustments {
  /** Its highest rate of checkouts per second, all scenarios together; the shape stays. */
  peakRate?: number | undefined
  /** How long it takes in all; its stages are stretched in proportion. */
  durationMs?: number | undefined
  maxInFlight?: number | undefined
  timeoutMs?: number | undefined
  attempts?: number | undefined
  shares?: Partial<ShopperShares>
}

export function adjustPlans(plans: readonly ScenarioPlan[], adjustments: Adjustments): ScenarioPlan[] {
  const { peakRate, durationMs, maxInFlight, timeoutMs, attempts, shares } = adjustments
  const rateFactor = peakRate === undefined ? 1 : peakRate / peakArrivalRate(plans)
  return plans.map((plan) => {
    const isOpen = plan.model === 'open'
    const scaled = isOpen ? scaleRates(plan, rateFactor) : plan
    const mostInFlight = (isOpen ? maxInFlight : undefined) ?? plan.maxInFlight
    return {
      ...(durationMs === undefined ? scaled : stretch(scaled, durationMs, Math.max(...plans.map(endOf)))),
      maxInFlight: mostInFlight,
      warmConnections: Math.min(plan.warmConnections, mostInFlight),
      timeoutMs: timeoutMs ?? plan.timeoutMs,
      attempts: attempts ?? plan.attempts,
      shares: { ...plan.shares, ...shares },
    }
  })
}

/** The highest rate at which checkouts are due, all scenarios of the open model together. */
export function peakArrivalRate(plans: readonly ScenarioPlan[]): number {
  const open = plans.filter(({ model }) => model === 'open')
  const schedules = open.map(({ segments }) => createArrivalSchedule(segments))
  // Between these times all rates are straight lines, so their sum is highest at one of them.
  const times = open.flatMap(({ segments }) =>
    segments.flatMap(({ startMs, endMs }) => [startMs, justBefore(endMs)]),
  )
  return Math.max(0, ...times.map((ms) => schedules.reduce((sum, { rateAt }) => sum + rateAt(ms), 0)))
}

const justBefore = (ms: number) => ms - 1e-6

/** What was written of it is not what is sent. */
const unnamed = ({ written: _written, ...segment }: PlacedSegment): PlacedSegment => segment

function scaleRates(plan: ScenarioPlan, factor: number): ScenarioPlan {
  if (factor === 1) return plan
  const segments = plan.segments.map((segment) => ({
    ...unnamed(segment),
    from: segment.from * factor,
    to: segment.to * factor,
  }))
  return { ...plan, segments }
}

function stretch(plan: ScenarioPlan, durationMs: number, wholeMs: number): ScenarioPlan {
  if (durationMs === wholeMs) return plan
  // What has no end ends now; nothing can stand behind it.
  const at = (ms: number) =>
    Number.isFinite(wholeMs) ? (ms * durationMs) / wholeMs : Math.min(ms, durationMs)
  const segments = plan.segments.map((segment) => {
    const [startMs, endMs] = [at(segment.startMs), at(segment.endMs)]
    return { ...unnamed(segment), startMs, endMs, durationMs: endMs - startMs }
  })
  return { ...plan, segments }
}
