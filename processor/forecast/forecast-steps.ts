import { type Band, calibrateBand } from './calibrate-band.ts'
import { expectedAhead, fitModel } from './fit-model.ts'
import type { Steps } from './steps.ts'

/**
 * The steps after the last value: as many as `slots` has more than `values`, at most a day of them. Half of the values must
 * be known, or more than two days ago.
 */
export function forecastSteps(steps: Steps, coverage: number): Band[] {
  const { values, slots, factors } = steps
  const last = values.length - 1
  const horizon = slots.length - values.length
  const model = fitModel(steps, horizon)
  const bandAround = calibrateBand(steps, model, coverage)
  const { ratios, outsideEvent } = model.recent
  return Array.from({ length: horizon }, (_, i) => {
    const ahead = i + 1
    const factor = factors[last + ahead]!
    // What the last event brought beyond its factor ends with it.
    const ratio = factors[last] === 1 || factor === factors[last] ? ratios[last]! : outsideEvent
    const { expected, shift } = expectedAhead(model, last, ahead, ratio)
    const { lower, median, upper } = bandAround(ahead, expected, shift)
    return {
      lower: Math.min(lower, median) * factor,
      median: median * factor,
      upper: Math.max(upper, median) * factor,
    }
  })
}
