export interface Season {
  /** At a step, by what was learned before. */
  factor: (t: number) => number
  /** Each slot begins with the weight of one visit. */
  begin: (profile: Float64Array, level: number) => void
  /** What came at a step, and what would have come without the season. Steps follow each other. */
  learn: (t: number, value: number, base: number) => void
  /** Nothing is known of the step. */
  skip: (t: number) => void
}

interface SeasonOptions {
  /** Steps. */
  period: number
  /** Half of the window around a slot over which it is averaged, in steps. */
  width: number
  /** What remains of the weight of a visit after another one. */
  keep: number
  /** Draws factors of little traffic to 1. */
  prior: number
}

/** For each slot of a period: what came in the window around it, divided by what would have come without the season. */
export function createSeason(slots: Int32Array, { period, width, keep, prior }: SeasonOptions): Season {
  const sums = new Float64Array(period)
  const bases = new Float64Array(period)
  // Cumulative, so that a window is a difference.
  const values = new Float64Array(slots.length + 1)
  const measures = new Float64Array(slots.length + 1)

  function learn(t: number, value: number, base: number): void {
    values[t + 1] = values[t]! + value
    measures[t + 1] = measures[t]! + base
    const centre = t - width
    if (centre < 0) return
    const from = Math.max(0, centre - width)
    const measure = measures[t + 1]! - measures[from]!
    if (measure <= 0) return
    const slot = slots[centre]! % period
    sums[slot] = sums[slot]! * keep + Math.max(0, values[t + 1]! - values[from]!)
    bases[slot] = bases[slot]! * keep + measure
  }

  return {
    factor(t) {
      const slot = slots[t]! % period
      const base = bases[slot]! + prior
      return base > 0 ? (sums[slot]! + prior) / base : 1
    },
    begin(profile, level) {
      const weight = 2 * width + 1
      for (let slot = 0; slot < period; slot++) sums[slot] = profile[slot]! * weight
      bases.fill(level * weight)
    },
    learn,
    skip: (t) => learn(t, 0, 0),
  }
}
