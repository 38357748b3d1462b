import type { Purchase, StageTime } from './purchase.ts'

// More than any storefront has. Whoever writes checkouts chooses the names, and the time and memory of an answer grow
// with their number: a transaction number in an error makes each purchase's name another one.
const MOST_STAGES = 50
const MOST_ERRORS = 100
/** Of one purchase. */
const MOST_ERRORS_MET = 5

/**
 * Leaves a purchase the stages and errors that most purchases of the period have; rare ones tell nothing about it.
 */
export function keepFrequentNames(now: readonly Purchase[]): (purchase: Purchase) => Purchase {
  const stages = mostFrequent(now, MOST_STAGES, ({ stage }) => stage)
  const errors = mostFrequent(now, MOST_ERRORS, ({ error }) => error)

  return function keep(purchase) {
    const kept = purchase.stages.filter(({ stage }) => stages.has(stage))
    const met = new Set(
      kept.flatMap(({ error }) => (error !== undefined && errors.has(error) ? [error] : [])),
    )
    const frequent = new Set([...errors].filter((error) => met.has(error)).slice(0, MOST_ERRORS_MET))
    const isKept = ({ error }: StageTime) => error === undefined || frequent.has(error)
    if (kept.length === purchase.stages.length && kept.every(isKept)) return purchase
    return { ...purchase, stages: kept.map((each) => (isKept(each) ? each : withoutError(each))) }
  }
}

const withoutError = ({ stage, seconds }: StageTime): StageTime => ({ stage, seconds })

/** The most frequent one first. */
function mostFrequent(
  purchases: readonly Purchase[],
  most: number,
  nameOf: (stage: StageTime) => string | undefined,
): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const { stages } of purchases) {
    for (const name of new Set(stages.map(nameOf)))
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const sorted = [...counts].toSorted(([a, count], [b, other]) => other - count || (a < b ? -1 : 1))
  return new Set(sorted.slice(0, most).map(([name]) => name))
}
