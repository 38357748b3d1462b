import type { DatabaseSync } from 'node:sqlite'
import { indexedColumns, partsOf } from './schema.ts'

// Hashes are spread over the whole index. With millions of outcomes, each new one would write another page of
// each index, and a page costs ten times as much as a row. So a new entry is first inserted into a small
// index that fits into the cache. Later it is moved to the large one together with all others of its range,
// several per page. InnoDB's change buffer works the same way.
const RANGES = 64
const WIDTH = 2 ** 48 / RANGES

/**
 * Moves the recent part of each index into its large one, one range of hashes at a time. The recent parts
 * contain only entries of the last 64 writes.
 */
export function createMerger(database: DatabaseSync) {
  const moves = indexedColumns.flatMap((column) => {
    const { large, recent } = partsOf(column)
    const inRange = `${column} >= ? AND ${column} < ?`
    return [
      database.prepare(
        `INSERT INTO ${large} SELECT * FROM ${recent} WHERE ${inRange} ORDER BY ${column}, position`,
      ),
      database.prepare(`DELETE FROM ${recent} WHERE ${inRange}`),
    ]
  })
  let range = 0

  return {
    /** Call it within each transaction that writes outcomes. */
    mergeNext(): void {
      for (const move of moves) move.run(range * WIDTH, (range + 1) * WIDTH)
      range = (range + 1) % RANGES
    },
  }
}
