import { LEVEL, LEVEL_OF_RECENT } from '../../processor/insights/find-causes.ts'
import type { Candidate } from '../../processor/insights/traits.ts'
import { levelsOfDays } from './level-of-day.ts'
import { type NullStore, nullStores } from './null-stores.ts'

// Arguments: how many days, the seed, and a store, otherwise all. Prints for each day without a cause the smallest levels
// at which an answer would have named one, of all of its period and of the last minutes, and on how many days the
// present levels are enough for it.

const [count = '100', seed = '1', ...chosen] = process.argv.slice(2)
const names = chosen.length > 0 ? chosen : Object.keys(nullStores)
const print = (level: number, candidate: Candidate | undefined) =>
  [level.toPrecision(2), ...(candidate?.traits.map(({ value }) => value) ?? [])].join(' ')

for (const name of names) {
  let [days, alarms] = [0, 0]
  for (const { all, recent } of levelsOfDays(nullStores[name as NullStore], Number(seed))) {
    days++
    if (all.level <= LEVEL || recent.level <= LEVEL_OF_RECENT) alarms++
    const levels = [all, recent].map(({ level, candidate }) => print(level, candidate))
    console.log(`${name}, seed ${seed}, day ${days}: ${levels.join('; last minutes ')}`)
    if (days >= Number(count)) break
  }
  console.log(`${name}: ${alarms} of ${days} days with a false cause`)
}
