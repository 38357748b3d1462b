import { deviationOf, fitVariance, type Variance } from './deviation.ts'
import type { Model } from './fit-model.ts'
import { type Residual, residualsOf, stabilise, unstabilise } from './residuals.ts'
import type { Steps } from './steps.ts'

export interface Band {
  lower: number
  median: number
  upper: number
}

/** Quantiles of the errors at one level, in deviations. */
interface LevelBand {
  expected: number
  band: Band
}

/** How far off forecasts of the past were, so many steps ahead. */
interface HorizonBands {
  variance: Variance
  levels: LevelBand[]
}

interface Score {
  score: number
  weight: number
}

const HORIZONS = 5
const LEVELS = 3
/** Where often nothing comes, the band must reach down to nothing, but no quantile says how far. */
const BELOW_ZERO = -2.5

/**
 * Split conformal bands (Lei et al. 2018, Journal of the American Statistical Association 113): what share of the errors
 * of past forecasts a band held is what share it is assumed to hold. For each of some horizons and levels, since both change
 * the shape; those between are interpolated. Returns the band around what is expected `ahead` steps from now.
 */
export function calibrateBand(steps: Steps, model: Model, coverage: number) {
  const { dispersion } = model
  const last = model.persistence.length - 1
  const horizons = [
    ...new Set(Array.from({ length: HORIZONS }, (_, i) => Math.round(last ** (i / (HORIZONS - 1))))),
  ]
  const calibrated = horizons.map((ahead): HorizonBands => {
    const residuals = residualsOf(steps, model, ahead)
    // Forecasts that overlap err together: only the others count in the correction for few residuals.
    const independent = Math.max(1, (steps.values.length - model.seasons.honestFrom) / ahead)
    const variance = fitVariance(residuals, dispersion)
    return {
      variance,
      levels: levelBands(residuals, variance, dispersion, Math.min(1, coverage * (1 + 1 / independent))),
    }
  })

  function bandAt({ variance, levels }: HorizonBands, expected: number, shift: number): Band {
    const deviation = deviationOf(variance, { expected, shift }, dispersion)
    const middle = stabilise(expected, dispersion)
    const scores = interpolate(
      levels.map(({ band }) => band),
      expected,
      levels.map((level) => level.expected),
    )
    const boundAt = (score: number, scale: number) => unstabilise(middle + score * scale, dispersion)
    return {
      lower: boundAt(scores.lower, deviation),
      // The distance from the seasons makes the band wider, but shifts nothing.
      median: boundAt(scores.median, deviationOf(variance, { expected, shift: 0 }, dispersion)),
      upper: boundAt(scores.upper, deviation),
    }
  }

  return (ahead: number, expected: number, shift: number): Band => {
    const bands = calibrated.map((horizon) => bandAt(horizon, expected, shift))
    return interpolate(bands, ahead, horizons)
  }
}

function levelBands(
  residuals: readonly Residual[],
  variance: Variance,
  dispersion: number,
  coverage: number,
): LevelBand[] {
  const sorted = residuals.toSorted((a, b) => a.expected - b.expected)
  const size = Math.ceil(sorted.length / LEVELS)
  return Array.from({ length: LEVELS }, (_, i) => sorted.slice(i * size, (i + 1) * size)).flatMap((level) => {
    const middle = level[Math.floor(level.length / 2)]
    if (middle === undefined) return []
    const scores = level.map((residual) => {
      const deviation = deviationOf(variance, residual, dispersion)
      const score = deviation > 0 ? residual.error / deviation : 0
      return { score, weight: residual.weight, isZero: residual.isZero }
    })
    return { band: scoreBand(scores, coverage), expected: middle.expected }
  })
}

function scoreBand(unsorted: readonly (Score & { isZero: boolean })[], coverage: number): Band {
  const scores = unsorted.toSorted((a, b) => a.score - b.score)
  const median = quantile(scores, 0.5).score
  const lowest = quantile(scores, (1 - coverage) / 2)
  const below = (lowest.isZero ? Math.min(lowest.score, BELOW_ZERO) : lowest.score) - median
  const above = quantile(scores, (1 + coverage) / 2).score - median
  // Counts have ties, so that both tails together miss the coverage. One factor for both restores it.
  const needed = scores.map(({ score, weight }) => {
    const off = score - median
    return { score: off === 0 ? 0 : off / (off < 0 ? below : above), weight }
  })
  needed.sort((a, b) => a.score - b.score)
  const factor = Math.min(2, Math.max(0.5, quantile(needed, coverage).score))
  return { lower: median + below * factor, median, upper: median + above * factor }
}

/** Weighted; scores ascend. */
function quantile<Each extends Score>(scores: readonly Each[], share: number): Each {
  const total = scores.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  const found = scores.find(({ weight }) => (sum += weight) >= share * total)
  return found ?? scores.at(-1)!
}

/** Between the bands of ascending places; beyond the first and the last, these hold. */
function interpolate(bands: readonly Band[], place: number, places: readonly number[]): Band {
  const found = places.findIndex((each) => each >= place)
  const to = found === -1 ? bands.length - 1 : found
  const from = found === -1 ? to : Math.max(0, found - 1)
  const width = places[to]! - places[from]!
  const part = width > 0 ? (place - places[from]!) / width : 0
  const mix = (bound: keyof Band) => bands[from]![bound] + (bands[to]![bound] - bands[from]![bound]) * part
  return { lower: mix('lower'), median: mix('median'), upper: mix('upper') }
}
