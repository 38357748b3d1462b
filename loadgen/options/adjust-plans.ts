import { endOf, type ScenarioPlan } from '../scenario-plan.ts'
import type { PlacedSegment } from '../sending/rate-segments.ts'
import { createArrivalSchedule } from '../sending/schedule.ts'
import type { ShopperShares } from '../shoppers/shopper-shares.ts'

/** Changes of a ready-made load by flags. */
export interface Adjustments {
  /** Highest total rate of checkouts per second; the shape stays the same. */
  peakRate?: number | undefined
  /** Total duration; all stages are scaled proportionally. */
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

/** The highest total rate of checkouts that are due, over all open-model scenarios. */
export function peakArrivalRate(plans: readonly ScenarioPlan[]): number {
  const open = plans.filter(({ model }) => model === 'open')
  const schedules = open.map(({ segments }) => createArrivalSchedule(segments))
  // Between these times all rates are linear, so their sum is highest at one of them.
  const times = open.flatMap(({ segments }) =>
    segments.flatMap(({ startMs, endMs }) => [startMs, justBefore(endMs)]),
  )
  return Math.max(0, ...times.map((ms) => schedules.reduce((sum, { rateAt }) => sum + rateAt(ms), 0)))
}

const justBefore = (ms: number) => ms - 1e-6

/** The written form does not describe the scaled stage. */
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
  // A stage without an end ends now; nothing can follow it.
  const at = (ms: number) =>
    Number.isFinite(wholeMs) ? (ms * durationMs) / wholeMs : Math.min(ms, durationMs)
  const segments = plan.segments.map((segment) => {
    const [startMs, endMs] = [at(segment.startMs), at(segment.endMs)]
    return { ...unnamed(segment), startMs, endMs, durationMs: endMs - startMs }
  })
  return { ...plan, segments }
}
