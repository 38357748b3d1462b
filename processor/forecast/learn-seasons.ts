import { beginSeasons } from './begin-seasons.ts'
import { createDiscountedRatio } from './recent-ratio.ts'
import { createSeason, type Season } from './season.ts'
import { isUsual, type Steps } from './steps.ts'

/** How the seasons are averaged. */
export interface Smoothing {
  /** Half-widths of the windows around a step, in steps. */
  day: number
  week: number
  /** What remains of the weight of a day after another day, of a week after another week. */
  keepDay: number
  keepWeek: number
}

export interface Seasons {
  /** Product of both seasons at each step, the steps to forecast included, as learned on earlier days. */
  factors: Float64Array
  /** After each step. */
  levels: Float64Array
  /** Of each step, by level and seasons before it. */
  expected: Float64Array
  /** The first step of which forecasts can be compared with what came. */
  honestFrom: number
}

const WEEK_PRIOR = 2
/** Of the ratio by which an unusual time is recognised: in steps, and in dispersions. */
const UNUSUAL_HALF_LIFE = 15
const UNUSUAL_PRIOR = 10

/** What is above the limits by so many standard deviations is no noise. */
const NOISE = 4

interface Limits {
  least: number
  most: number
}
/** Within these the seasons and the level learn from a deviation; the rest was a promotion, or an outage. */
const LIMITS: Limits = { least: 0.4, most: 1.5 }
/** Weekdays are not distinguished yet: a weekend may have no traffic. */
const FIRST_LIMITS: Limits = { least: 0, most: 2.5 }

/**
 * Multiplicative exponential smoothing with a season of the day and, on top of it, one of the week (Taylor 2003, Journal
 * of the Operational Research Society 54). The level, too, is a ratio of discounted sums, with a half-life of a day.
 */
export function learnSeasons(steps: Steps, smoothing: Smoothing, dispersion: number): Seasons {
  const { values, slots, day, week } = steps
  const { until, isWeekly, level: firstLevel, profile } = beginSeasons(steps, smoothing.day)
  const ofDay = createSeason(slots, { period: day, width: smoothing.day, keep: smoothing.keepDay, prior: 0 })
  ofDay.begin(profile, firstLevel)
  const ofWeek = isWeekly
    ? createSeason(slots, {
        period: week,
        width: smoothing.week,
        keep: smoothing.keepWeek,
        prior: WEEK_PRIOR * dispersion,
      })
    : NO_SEASON
  const unusual = createDiscountedRatio(UNUSUAL_HALF_LIFE, UNUSUAL_PRIOR * dispersion, dispersion)

  const factors = new Float64Array(slots.length)
  const levels = new Float64Array(values.length)
  const expected = new Float64Array(values.length)
  const keep = 0.5 ** (1 / day)
  let sum = firstLevel * day
  let base = day
  for (let t = 0; t < values.length; t++) {
    const level = sum / base
    const daily = ofDay.factor(t)
    const weekly = ofWeek.factor(t)
    const factor = daily * weekly
    factors[t] = factor
    const before = level * factor
    expected[t] = before
    // In the first week only the season of the week learns: all else is its measure.
    const learnsAll = !isWeekly || t >= until
    if (isUsual(steps, t)) {
      unusual.add(values[t]!, before)
      const limits = t < until ? FIRST_LIMITS : LIMITS
      const noise = NOISE * (dispersion + Math.sqrt(dispersion * before * limits.most))
      const came = Math.min(values[t]!, before * limits.most + noise)
      const value = within(came, before, unusual.value(), limits)
      ofWeek.learn(t, value, level * daily)
      if (learnsAll) {
        ofDay.learn(t, value, level * weekly)
        sum = sum * keep + value
        base = base * keep + factor
      } else ofDay.skip(t)
    } else {
      unusual.skip()
      ofDay.skip(t)
      ofWeek.skip(t)
    }
    levels[t] = sum / base
  }
  for (let t = values.length; t < slots.length; t++) factors[t] = ofDay.factor(t) * ofWeek.factor(t)
  return { factors, levels, expected, honestFrom: until }
}

const NO_SEASON: Pick<Season, 'factor' | 'learn' | 'skip'> = {
  factor: () => 1,
  learn: () => undefined,
  skip: () => undefined,
}

/** A value that is usual by itself is learned as it is, also right after a promotion. */
function within(value: number, expected: number, ratio: number, { least, most }: Limits): number {
  if (ratio > most) return Math.min(value, Math.max(expected * most, (value * most) / ratio))
  return ratio < least ? Math.max(value, expected * least) : value
}
