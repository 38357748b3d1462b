import { type Cause, findCauses, type Periods, RECENT_MS } from '../../processor/insights/find-causes.ts'
import type { Purchase } from '../../processor/insights/purchase.ts'
import { MOST_BEFORE } from '../../processor/insights/read-purchases.ts'
import { createStoreTime } from '../../processor/insights/store-time.ts'
import { createTally, one } from '../../processor/insights/tally.ts'
import { type PlantedCause, purchasesOf } from '../../processor/insights/testing/generate-purchases.ts'
import { createTraits } from '../../processor/insights/traits.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** 21:10 in Santiago. */
const BEGINNING = Date.parse('2026-11-03T00:10:00Z')
/** Minutes; later it does not matter. */
const LONGEST = 30

/** Half of the payments in one city meet the error of a bank. */
export const paymentErrors = { city: 'Ñuñoa', error: '51', share: 0.5 }

export interface Trial {
  seed: number
  /** Mean of a day; at 21:10 it is 1.6 times as much. */
  perMinute: number
  planted: Omit<PlantedCause, 'from'>
}

/** The causes that are named in each of the minutes after the beginning of one, if asked about the last hour. */
function* causesByMinute({ seed, perMinute, planted }: Trial): Generator<readonly Cause[]> {
  const traitsOf = createTraits(createStoreTime('America/Santiago').hourOf)
  const count = (purchases: readonly Purchase[]) => {
    const tally = createTally()
    for (const purchase of purchases) tally.add(traitsOf(purchase), one(purchase.isSlow))
    return tally
  }
  const began = BEGINNING - HOUR_MS
  const now = purchasesOf(
    { seed, perMinute, planted: { ...planted, from: BEGINNING } },
    began,
    BEGINNING + LONGEST * MINUTE_MS,
  )
  // A random sample of a day of a store is a day of a smaller one.
  const read = Math.min(perMinute, MOST_BEFORE / (DAY_MS / MINUTE_MS))
  const before = count(purchasesOf({ seed: -1 - seed, perMinute: read }, began - DAY_MS, began))
  for (let passed = 1; passed <= LONGEST; passed++) {
    const until = BEGINNING + passed * MINUTE_MS
    const periods: Periods = {
      now: count(now.filter(({ at }) => at >= until - HOUR_MS && at < until)),
      recent: count(now.filter(({ at }) => at >= until - RECENT_MS && at < until)),
      before,
    }
    yield findCauses(periods)
  }
}

/** Minutes after its beginning at which the planted cause, and nothing else, is named; at most {@link LONGEST}. */
export function minutesUntilNamed(trial: Trial): number {
  let passed = 0
  for (const causes of causesByMinute(trial)) {
    passed++
    if (isNamed(causes, trial.planted)) break
  }
  return passed
}

/** Whether that is all that is named, if there is a city, product or error in it. */
function isNamed([first, ...others]: readonly Cause[], planted: Trial['planted']): boolean {
  const named = first?.candidate.traits.map(({ value }) => value) ?? []
  const meant = [planted.city, planted.product, planted.error ?? planted.stage].filter(
    (name) => name !== undefined,
  )
  return others.length === 0 && meant.every((name) => named.includes(name))
}
