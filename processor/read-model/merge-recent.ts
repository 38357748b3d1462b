import type { DatabaseSync } from 'node:sqlite'
import { indexedColumns, partsOf } from './schema.ts'

// Hashes fall anywhere in an index. With millions of outcomes each new one would touch a page of its own in either index, and a
// page costs ten times what a row does. So it stands in a small index first, which the cache holds, and goes on to the large one
// with all others of its range: several to a page. This is what InnoDB's change buffer does.
const RANGES = 64
const WIDTH = 2 ** 48 / RANGES

/**
 * Moves what stands in the recent part of each index into its large one, a range of hashes at a time. What is written between
 * two turns of one range, the last 64 writes, is all that the recent parts hold.
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
    /** To be called within each transaction that writes outcomes. */
    mergeNext(): void {
      for (const move of moves) move.run(range * WIDTH, (range + 1) * WIDTH)
      range = (range + 1) % RANGES
    },
  }
}
