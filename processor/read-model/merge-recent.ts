import type { DatabaseSync } from 'node:sqlite'
import { type IndexedColumn, indexedColumns, partsOf } from './schema.ts'

// Hashes are spread over the whole index. With millions of outcomes, each new one would write another page of
// each index, and a page costs ten times as much as a row. So a new entry is first inserted into a small
// index that fits into the cache. Later it is moved to the large one together with all others of its range,
// several per page. InnoDB's change buffer works the same way.
const RANGES = 64
const WIDTH = 2 ** 48 / RANGES

/** An outcome in an index; null if it has nothing to be found by there. */
export type IndexEntry = Record<IndexedColumn, number | null> & { position: number }

/**
 * Adds entries to the recent part of each index, sorted: that takes half of the time of a trigger for each
 * outcome. Moves the recent part of each index into its large one, one range of hashes at a time. The recent parts
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
  const adds = indexedColumns.map((column) => ({
    column,
    // A batch may have the same outcome twice.
    add: database.prepare(`INSERT OR IGNORE INTO ${partsOf(column).recent} VALUES (?, ?)`),
  }))
  let range = 0

  return {
    /** Adds outcomes after they were written, in the same transaction. */
    add(entries: readonly IndexEntry[]): void {
      for (const { column, add } of adds) {
        const sorted = entries.toSorted((one, other) => (one[column] ?? 0) - (other[column] ?? 0))
        for (const entry of sorted) if (entry[column] !== null) add.run(entry[column], entry.position)
      }
    },

    /** Call it within each transaction that writes outcomes. */
    mergeNext(): void {
      for (const move of moves) move.run(range * WIDTH, (range + 1) * WIDTH)
      range = (range + 1) % RANGES
    },
  }
}
