import { dispersionOf } from './dispersion.ts'
import { learnSeasons, type Seasons, type Smoothing } from './learn-seasons.ts'
import { createDiscountedRatio, type RecentRatio, recentRatio } from './recent-ratio.ts'
import { isUsual, type Steps } from './steps.ts'

export interface Model {
  seasons: Seasons
  recent: RecentRatio
  /** What remains of the logarithm of the recent ratio, by steps ahead. */
  persistence: Float64Array
  dispersion: number
}

const STEADY = { keepDay: 0.9, keepWeek: 0.8 }
const QUICK = { keepDay: 0.75, keepWeek: 0.5 }
const WINDOWS = [
  { day: 0, week: 0 },
  { day: 1, week: 5 },
  { day: 5, week: 20 },
  { day: 15, week: 45 },
]
/** In steps. */
const HALF_LIVES = [1, 4, 15, 60]
/** In dispersions. */
const PRIOR = 10
/** In days. Short ones would suit a calm past, but not the first promotion. */
const PERSISTENCE_HALF_LIVES = [1 / 12, 1 / 4, 1, 7]
const ORIGINS = 500

/** Chooses the parameters whose forecasts of the past, each from earlier steps only, had the least error. */
export function fitModel(steps: Steps, horizon: number): Model {
  const dispersion = dispersionOf(steps.values, steps.day)
  const recentOf = (seasons: Seasons, halfLife: number) =>
    recentRatio(steps, seasons, () => createDiscountedRatio(halfLife, PRIOR * dispersion, dispersion))
  const persistenceOf = (halfLife: number) =>
    Float64Array.from({ length: horizon + 1 }, (_, ahead) => 0.5 ** (ahead / (halfLife * steps.day)))
  const errorOf = (model: Model) => pastError(steps, model)

  const learn = (smoothing: Smoothing): Model => {
    const seasons = learnSeasons(steps, smoothing, dispersion)
    return { seasons, recent: recentOf(seasons, 15), persistence: persistenceOf(1 / 4), dispersion }
  }
  // All combinations would take twice as long.
  const windows = WINDOWS.filter(({ week }) => 2 * week < steps.day)
  const { best: steady, index } = leastError(
    windows.map((window) => learn({ ...window, ...STEADY })),
    errorOf,
  )
  const {
    best: { seasons },
  } = leastError([steady, learn({ ...windows[index]!, ...QUICK })], errorOf)
  const persistences = PERSISTENCE_HALF_LIVES.map(persistenceOf)
  const models = HALF_LIVES.flatMap((halfLife) => {
    const recent = recentOf(seasons, halfLife)
    return persistences.map((persistence): Model => ({ seasons, recent, persistence, dispersion }))
  })
  return leastError(models, errorOf).best
}

/** What is expected `ahead` steps after a step, without the effect of events. `shift` is what the recent ratio adds. */
export function expectedAhead({ seasons, persistence }: Model, origin: number, ahead: number, ratio: number) {
  const shift = Math.log(ratio) * persistence[ahead]!
  return { shift, expected: seasons.levels[origin]! * seasons.factors[origin + ahead]! * Math.exp(shift) }
}

/** The mean error over samples, of square roots: busy minutes count no more than others. */
function pastError(steps: Steps, model: Model): number {
  const horizon = model.persistence.length - 1
  const horizons = [1, Math.ceil(horizon / 4), Math.ceil(horizon / 2), horizon]
  const { length } = steps.values
  const stride = Math.max(1, (length - model.seasons.honestFrom) / ORIGINS)
  let sum = 0
  let count = 0
  for (let at = model.seasons.honestFrom; at < length; at += stride) {
    const origin = Math.floor(at)
    for (const ahead of horizons) {
      if (origin + ahead >= length || !isUsual(steps, origin + ahead)) continue
      const { expected } = expectedAhead(model, origin, ahead, model.recent.ratios[origin]!)
      sum += Math.abs(Math.sqrt(steps.values[origin + ahead]!) - Math.sqrt(expected))
      count++
    }
  }
  return sum / count
}

function leastError(models: readonly Model[], errorOf: (model: Model) => number) {
  const errors = models.map(errorOf)
  const index = errors.reduce((lowest, error, at) => (error < errors[lowest]! ? at : lowest), 0)
  return { best: models[index]!, index }
}
