import { expect, test } from 'vitest'
import { candidatesTested, chanceOf, findCauses, LEVEL, LEVEL_OF_RECENT } from './find-causes.ts'
import { createTally, one } from './tally.ts'
import { createTraits } from './traits.ts'

const traitsOf = createTraits(() => 21)
const WITH_ERROR = 40

function purchases(slowWithError: number) {
  const tally = createTally()
  const add = (count: number, slow: number, error: string | undefined) => {
    const stages = [{ stage: 'pago', seconds: 60, error }]
    const traits = traitsOf({ at: 0, product: 'Maleta', city: 'Ñuñoa', stages })
    for (let number = 0; number < count; number++) tally.add(traits, one(number < slow))
  }
  add(2_000, 200, undefined)
  add(WITH_ERROR, slowWithError, '51')
  return tally
}

test('a cause is named at the level divided by the number of candidates', () => {
  const before = purchases(4)
  const named = Array.from({ length: WITH_ERROR + 1 }, (_, slow) => {
    const now = purchases(slow)
    const periods = { now, recent: undefined, before }
    const chances = [...now.candidates.keys()].map((candidate) => chanceOf(candidate, periods, LEVEL))
    const isUnlikely = Math.min(...chances) * candidatesTested(now) <= LEVEL
    expect(findCauses(periods).length > 0).toBe(isUnlikely)
    return isUnlikely ? [slow] : []
  }).flat()
  // Of 35 slow ones on two days alike, 19 would be expected today if all became slower by the upper limit of 1.2: the
  // bound is exp(-9.46) for 31, and exp(-8.98) for 30 of 34. The limit is 0.001 / 8, or exp(-8.99).
  expect(named[0]).toBe(31)
  expect(named).toHaveLength(WITH_ERROR - 30)
})

test('a cause of the last minutes is named at a smaller level', () => {
  const before = purchases(4)
  const named = Array.from({ length: WITH_ERROR + 1 }, (_, slow) => {
    const recent = purchases(slow)
    const chances = [...recent.candidates.keys()].map((each) =>
      chanceOf(each, { now: recent, before }, LEVEL_OF_RECENT),
    )
    const isUnlikely = Math.min(...chances) * candidatesTested(recent) <= LEVEL_OF_RECENT
    expect(findCauses({ now: purchases(4), recent, before }).length > 0).toBe(isUnlikely)
    return isUnlikely ? [slow] : []
  }).flat()
  expect(named[0]).toBeGreaterThan(31)
  expect(named.at(-1)).toBe(WITH_ERROR)
})
