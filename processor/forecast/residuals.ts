import { expectedAhead, type Model } from './fit-model.ts'
import { isUsual, type Steps } from './steps.ts'

/** A forecast of the past beside what came. */
export interface Residual {
  expected: number
  /** The part of the recent ratio in it, as a logarithm. */
  shift: number
  /** Difference of stabilised values. */
  error: number
  /** Whether nothing came: then it cannot be less. */
  isZero: boolean
  weight: number
}

const ORIGINS = 1_500
/** Newer ones count more (Barber, Candès, Ramdas & Tibshirani 2023, Annals of Statistics 51). */
const HALF_LIFE_DAYS = 10

/** Of forecasts `ahead` steps into what was then the future, from what was known then. */
export function residualsOf(steps: Steps, model: Model, ahead: number): Residual[] {
  const { values, day } = steps
  const { honestFrom } = model.seasons
  const residuals: Residual[] = []
  const stride = Math.max(1, (values.length - ahead - honestFrom) / ORIGINS)
  for (let at = honestFrom; at + ahead < values.length; at += stride) {
    const origin = Math.floor(at)
    const value = values[origin + ahead]!
    if (!isUsual(steps, origin + ahead) || steps.factors[origin] !== 1) continue
    const { expected, shift } = expectedAhead(model, origin, ahead, model.recent.ratios[origin]!)
    const error = stabilise(value, model.dispersion) - stabilise(expected, model.dispersion)
    const weight = 0.5 ** ((values.length - origin) / day / HALF_LIFE_DAYS)
    residuals.push({ expected, shift, error, isZero: value === 0, weight })
  }
  return residuals
}

/** Poisson counts of every level get about the variance 1 (Anscombe 1948, Biometrika 35). */
export const stabilise = (value: number, dispersion: number): number =>
  2 * Math.sqrt(value / dispersion + 3 / 8)

export const unstabilise = (stabilised: number, dispersion: number): number =>
  dispersion * Math.max(0, Math.max(stabilised, 0) ** 2 / 4 - 3 / 8)
