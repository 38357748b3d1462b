import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { forecastSteps } from '../../processor/forecast/forecast-steps.ts'
import type { Series } from './series.ts'

const COVERAGE = 0.9
const WEEKS = 5

export const methods = ['forecast', 'naive', 'daily', 'weekly'] as const
export type Method = (typeof methods)[number]

/** Sums over all steps that were forecast. */
export interface Tally {
  steps: number
  /** Scaled absolute errors (Hyndman & Koehler 2006). */
  errors: Record<Method, number>
  /** Of the band, in the mean of the values. */
  width: number
  /** Interval score (Winkler 1972), in the same. */
  score: number
  /** By part of the horizon, and by level: steps, and those within the band. */
  horizons: Share[]
  levels: Share[]
  cpuMs: number
  origins: number
}

interface Share {
  steps: number
  inside: number
}

const shares = (): Share[] => Array.from({ length: 3 }, () => ({ steps: 0, inside: 0 }))

/** Forecasts from random origins, each from the five weeks before it and from nothing else. */
export function backtest(series: Series, origins: number, seed: number): Tally {
  const { values, week, horizon } = series
  const random = createSeededRandom()
  random.seed([seed, values.length])
  const factors = new Float64Array(values.length).fill(1)
  for (const { from, until, times } of series.events)
    for (let t = from; t < Math.min(until, values.length); t++) factors[t]! *= times
  const tally: Tally = {
    steps: 0,
    errors: { forecast: 0, naive: 0, daily: 0, weekly: 0 },
    width: 0,
    score: 0,
    horizons: shares(),
    levels: shares(),
    cpuMs: 0,
    origins,
  }
  const known = values.filter((value) => !Number.isNaN(value)).toSorted()
  const bounds = [known[Math.floor(known.length / 3)]!, known[Math.floor((2 * known.length) / 3)]!] as const
  const from = WEEKS * week
  for (let i = 0; i < origins; i++)
    addOrigin(
      tally,
      series,
      factors,
      from + Math.floor(random.next() * (values.length - from - horizon)),
      bounds,
    )
  return tally
}

function addOrigin(
  tally: Tally,
  { values, day, week, horizon }: Series,
  factors: Float64Array,
  origin: number,
  bounds: readonly [number, number],
): void {
  const start = origin - WEEKS * week
  const past = values.slice(start, origin)
  const scale = meanOf(past.map((value, t) => Math.abs(value - (past[t - 1] ?? Number.NaN))))
  const mean = meanOf(past)
  const before = process.cpuUsage().user
  const bands = forecastSteps(
    {
      values: past.map((value, t) => value / factors[start + t]!),
      slots: Int32Array.from({ length: past.length + horizon }, (_, t) => (start + t) % week),
      factors: factors.slice(start, origin + horizon),
      day,
      week,
    },
    COVERAGE,
  )
  tally.cpuMs += (process.cpuUsage().user - before) / 1_000

  const last = past.findLast((value) => !Number.isNaN(value)) ?? 0
  for (const [i, { lower, median, upper }] of bands.entries()) {
    const value = values[origin + i]!
    if (Number.isNaN(value)) continue
    const guesses = {
      forecast: median,
      naive: last,
      daily: seasonal(values, origin, i, day) ?? last,
      weekly: seasonal(values, origin, i, week) ?? last,
    }
    tally.steps++
    for (const method of methods) tally.errors[method] += Math.abs(value - guesses[method]) / scale
    const isInside = value >= lower && value <= upper
    const outside = Math.max(lower - value, value - upper, 0)
    tally.width += (upper - lower) / mean
    tally.score += (upper - lower + (2 / (1 - COVERAGE)) * outside) / mean
    const level = median < bounds[0] ? 0 : median < bounds[1] ? 1 : 2
    for (const share of [tally.levels[level]!, tally.horizons[Math.floor((3 * i) / horizon)]!]) {
      share.steps++
      if (isInside) share.inside++
    }
  }
}

/** A season before; of the season before that where it is not known. */
function seasonal(values: Float64Array, origin: number, i: number, season: number): number | undefined {
  for (let t = origin + i - season; t >= 0; t -= season) {
    const value = values[t]!
    if (!Number.isNaN(value)) return value
  }
  return undefined
}

function meanOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.reduce((sum, value) => sum + value, 0) / known.length
}
