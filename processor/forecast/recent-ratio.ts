import type { Seasons } from './learn-seasons.ts'
import type { Steps } from './steps.ts'

/** A step above so many times what is expected, and noise of so many times the dispersion, is an outlier. */
const OUTLIER_TIMES = 2.5
const OUTLIER_NOISE = 6
const GREATEST = 100

/** In steps. */
const QUICK_HALF_LIFE = 4
/** In dispersions. */
const QUICK_PRIOR = 20
/** A quick ratio is so many times a slow one, or the reverse, and they differ by so many standard deviations: a new level. */
const GREAT_CHANGE = 1.3
const SIGNIFICANT = 4

export interface DiscountedRatio {
  /** After all that was added. */
  value: () => number
  add: (value: number, expected: number) => void
  /** A step passes without a value. */
  skip: () => void
}

/**
 * Discounted sum of values, divided by that of what was expected: the estimate of Harvey & Fernandes (1989, Journal of
 * Business & Economic Statistics 7) for counts. The prior draws it to 1 while little was expected. Outliers are clipped
 * (Gelper, Fried & Croux 2010, Journal of Forecasting 29): one changes it little, several in a row are believed.
 * A great change makes it forget what was before (cf. Trigg & Leach 1967, Operational Research Quarterly 18).
 */
export function createDiscountedRatio(halfLife: number, prior: number, dispersion: number): DiscountedRatio {
  const slow = createSums(halfLife, prior)
  const quick = createSums(QUICK_HALF_LIFE, QUICK_PRIOR * dispersion)
  let isOutlier = false
  return {
    value: slow.ratio,
    skip() {
      slow.fade()
      quick.fade()
    },
    add(came, expected) {
      const most = OUTLIER_TIMES * (expected * Math.max(1, quick.ratio()) + OUTLIER_NOISE * dispersion)
      const clipped = Math.min(came, most)
      const followsOutlier = isOutlier
      isOutlier = came > most
      slow.add(clipped, expected)
      quick.add(clipped, expected)
      // Even clipped, one may be a great change.
      if (isOutlier && !followsOutlier) return
      const change = quick.ratio() / slow.ratio()
      if (change < GREAT_CHANGE && change > 1 / GREAT_CHANGE) return
      if (Math.abs(Math.log(change)) > SIGNIFICANT * Math.sqrt(dispersion / quick.weight()))
        slow.startFrom(quick)
    },
  }
}

function createSums(halfLife: number, prior: number) {
  const keep = 0.5 ** (1 / halfLife)
  let sum = 0
  let base = 0
  const fade = () => {
    sum *= keep
    base *= keep
  }
  return {
    ratio: () => Math.min(GREATEST, Math.max(1 / GREATEST, (sum + prior) / (base + prior))),
    weight: () => base + prior,
    state: () => ({ sum, base }),
    fade,
    add(value: number, expected: number) {
      fade()
      sum += value
      base += expected
    },
    startFrom(other: { state: () => { sum: number; base: number } }) {
      ;({ sum, base } = other.state())
    },
  }
}

export interface RecentRatio {
  /** After each step: recent values, divided by what level and seasons expected. */
  ratios: Float64Array
  /** The same, of the time before the event in which the last step is. */
  outsideEvent: number
}

/** It stands for the AR(1) error of Taylor (2003). Each event has a ratio of its own, which ends with it. */
export function recentRatio(
  { values, factors }: Steps,
  { expected }: Seasons,
  create: () => DiscountedRatio,
): RecentRatio {
  const ratios = new Float64Array(values.length)
  const usual = create()
  let current = usual
  for (let t = 0; t < values.length; t++) {
    if (t > 0 && factors[t] !== factors[t - 1]) current = factors[t] === 1 ? usual : create()
    if (Number.isNaN(values[t])) current.skip()
    else current.add(values[t]!, expected[t]!)
    ratios[t] = current.value()
  }
  return { ratios, outsideEvent: usual.value() }
}
