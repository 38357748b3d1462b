import { isUsual, type Steps } from './steps.ts'

const MOST_DAYS = 7

export interface Beginning {
  /** The steps before it are used up: only later ones can be forecast honestly. */
  until: number
  /** Whether the history is long enough to tell weekdays apart. */
  isWeekly: boolean
  level: number
  /** For each step of the day. */
  profile: Float64Array
}

/** The median of the first days, at most a week and at most half of what is known. One unusual day does not change it. */
export function beginSeasons(steps: Steps, width: number): Beginning {
  const { values, slots, day, week } = steps
  const until = Math.min(MOST_DAYS * day, halfOf(steps))
  const means: number[][] = Array.from({ length: day }, () => [])
  let sum = 0
  let known = 0
  const add = (t: number, sign: 1 | -1) => {
    if (t < 0 || !isUsual(steps, t)) return
    sum += sign * values[t]!
    known += sign
  }
  for (let t = 0; t < width; t++) add(t, 1)
  for (let t = 0; t < until; t++) {
    add(t + width, 1)
    add(t - width - 1, -1)
    if (known > 0) means[slots[t]! % day]!.push(Math.max(0, sum / known))
  }
  const medians = means.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)])
  const seen = medians.filter((median) => median !== undefined)
  const level = seen.reduce((total, median) => total + median, 0) / Math.max(1, seen.length)
  return {
    until,
    isWeekly: until === MOST_DAYS * day && values.length >= 2 * week,
    level,
    profile: Float64Array.from(medians, (median) => median ?? level),
  }
}

/** The step before which half of what is known lies. */
function halfOf(steps: Steps): number {
  let known = 0
  for (let t = 0; t < steps.values.length; t++) if (isUsual(steps, t)) known++
  let half = 0
  for (let before = 0; before < known / 2; half++) if (isUsual(steps, half)) before++
  return half
}
