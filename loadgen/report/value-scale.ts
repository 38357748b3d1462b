import { scaleLinear, scaleLog } from 'd3-scale'
import { isKnown, type Maybe } from './known.ts'

// Below this a linear scale shows both ends well.
const LARGE_SPREAD = 30
const TICKS = 4
// Up to this each decade has room for three ticks.
const MANY_TICKS_SPREAD = 200
const STEPS = [1, 2, 5]

export type Quantity = 'milliseconds' | 'per second' | 'number'

export interface ValueScale {
  position: (value: number) => number
  ticks: number[]
  tickText: (value: number) => string
  isLog: boolean
}

/** From bottom to top; linear from zero, or logarithmic if times differ widely. */
export function createValueScale(
  values: readonly Maybe[],
  quantity: Quantity,
  bottom: number,
  top: number,
): ValueScale {
  const above = values.filter(isKnown).filter((value) => value > 0)
  const lowest = above.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const highest = above.reduce((most, value) => Math.max(most, value), 0)
  const tickText = quantity === 'milliseconds' ? timeText : countText
  if (quantity === 'milliseconds' && highest > lowest * LARGE_SPREAD) {
    const domain = [stepBelow(lowest), stepAbove(highest)] as const
    const scale = scaleLog().domain(domain).range([bottom, top]).clamp(true)
    return { position: scale, ticks: logTicks(...domain), tickText, isLog: true }
  }
  const scale = scaleLinear()
    .domain([0, highest || 1])
    .nice(TICKS)
    .range([bottom, top])
  return { position: scale, ticks: scale.ticks(TICKS), tickText, isLog: false }
}

const exact = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })
const countText = (value: number) => exact.format(value)
const timeText = (ms: number) => (ms < 1_000 ? `${exact.format(ms)} ms` : `${exact.format(ms / 1_000)} s`)

const decadeOf = (value: number) => 10 ** Math.floor(Math.log10(value))

// A rounding error: 0.1 × 10 must not be more than 1.
const stepsOf = (decade: number) => [...STEPS, 10].map((step) => Number((step * decade).toPrecision(1)))
const stepBelow = (value: number) =>
  stepsOf(decadeOf(value)).findLast((step) => step <= value) ?? decadeOf(value)
const stepAbove = (value: number) => stepsOf(decadeOf(value)).find((step) => step >= value) ?? value

function logTicks(lowest: number, highest: number): number[] {
  const decades = Math.ceil(Math.log10(highest / decadeOf(lowest)))
  const all = Array.from({ length: decades + 1 }, (_, power) => decadeOf(lowest) * 10 ** power)
  const steps = highest > lowest * MANY_TICKS_SPREAD ? [1] : STEPS
  return all
    .flatMap((decade) => steps.map((step) => Number((step * decade).toPrecision(1))))
    .filter((tick) => tick >= lowest && tick <= highest)
}
