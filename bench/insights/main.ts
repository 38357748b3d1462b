import { LEVEL } from '../../processor/insights/find-causes.ts'
import type { Candidate } from '../../processor/insights/traits.ts'
import { levelsOfDays } from './level-of-day.ts'
import { type NullStore, nullStores } from './null-stores.ts'

// Arguments: how many days, the seed, and a store, otherwise all. Prints for each day without a cause the smallest level
// at which an answer would have named one, and on how many days the present level is enough for it.

const [count = '100', seed = '1', ...chosen] = process.argv.slice(2)
const names = chosen.length > 0 ? chosen : Object.keys(nullStores)
const named = (candidate: Candidate | undefined) =>
  candidate?.traits.map(({ value }) => value).join(', ') ?? ''

for (const name of names) {
  const levels: number[] = []
  for (const { level, candidate } of levelsOfDays(nullStores[name as NullStore], Number(seed))) {
    levels.push(level)
    console.log(`${name}, seed ${seed}, day ${levels.length}: ${level.toPrecision(2)} ${named(candidate)}`)
    if (levels.length >= Number(count)) break
  }
  console.log(
    `${name}: ${levels.filter((level) => level <= LEVEL).length} of ${count} days at ${LEVEL.toPrecision(2)}`,
  )
}
