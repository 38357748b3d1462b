import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { normal as normalOf, poisson } from '../../processor/forecast/testing/poisson.ts'
import type { Series } from './series.ts'

const DAY = 1_440
const DAYS = 364

interface Promotion {
  from: number
  until: number
  times: number
  isAnnounced: boolean
}

/**
 * A year of counts by minute: seasons of day and week, growth, better and worse days and hours, promotions (half of them in
 * the calendar, which is some percent wrong), gaps, and single outliers.
 */
export function generateYear(seed: number, perMinute: number): Series {
  const random = createSeededRandom()
  random.seed([seed, perMinute])
  const next = () => random.next()
  const normal = () => normalOf(random)
  const shapeOf = createShape(normal)
  const growth = 1 + 0.8 * (next() - 0.2)
  const promotions = Array.from({ length: DAYS / 20 }, () => createPromotion(next))
  const values = new Float64Array(DAYS * DAY)
  let ofDay = 0
  let ofHour = 0
  for (let t = 0; t < values.length; t++) {
    if (t % DAY === 0) ofDay = 0.5 * ofDay + 0.12 * normal()
    ofHour = 0.995 * ofHour + 0.006 * normal()
    const times = promotions.reduce((most, each) => Math.max(most, timesAt(each, t)), 1)
    const trend = growth ** (t / values.length)
    const mean = perMinute * shapeOf(t) * trend * Math.exp(ofDay + ofHour + 0.03 * normal()) * times
    values[t] = poisson(random, mean) * (next() < 1 / 20_000 ? 20 : 1)
  }
  for (let gap = 0; gap < DAYS / 10; gap++) {
    const from = Math.floor(next() * values.length)
    values.fill(Number.NaN, from, from + 10 + Math.floor(1_500 * next() ** 3))
  }
  const events = promotions
    .filter(({ isAnnounced }) => isAnnounced)
    .map(({ from, until, times }) => ({ from, until, times: times * Math.exp(0.15 * normal()) }))
  return {
    name: `${perMinute.toLocaleString('en')}/min`,
    values,
    day: DAY,
    week: 7 * DAY,
    horizon: 60,
    events,
  }
}

const bell = (minute: number, centre: number, width: number) => Math.exp(-(((minute - centre) / width) ** 2))

/** Two peaks on weekdays, one on weekends, next to nothing at night; the mean is about 1. */
function createShape(normal: () => number) {
  const [noon, evening] = [780 + 60 * normal(), 1_260 + 40 * normal()]
  const ofWeekday = [1, 1, 1.05, 1.05, 1.15, 1.1, 0.9]
  return (t: number) => {
    const weekday = Math.floor(t / DAY) % 7
    const minute = t % DAY
    const shape =
      weekday >= 5
        ? 0.03 + 1.2 * bell(minute, 960, 280)
        : 0.02 + bell(minute, noon, 200) + 1.3 * bell(minute, evening, 110) + 0.3 * bell(minute, 1_020, 300)
    return 2 * shape * (ofWeekday[weekday] ?? 1)
  }
}

function createPromotion(next: () => number): Promotion {
  const from = Math.floor(next() * DAYS * DAY)
  const until = from + 60 + Math.floor(600 * next())
  return { from, until, times: 1.5 + 12 * next() ** 2, isAnnounced: next() < 0.5 }
}

/** One that nobody announced begins and ends within 20 minutes. */
function timesAt({ from, until, times, isAnnounced }: Promotion, t: number): number {
  if (t < from || t >= until) return 1
  const part = isAnnounced ? 1 : Math.min(1, (t - from) / 20, (until - t) / 20)
  return 1 + (times - 1) * part
}
