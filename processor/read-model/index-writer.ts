import type { DatabaseSync } from 'node:sqlite'
import {
  decodeEntries,
  encodeEntries,
  type IndexEntries,
  keepEntries,
  lowerBound,
  mergeAll,
  mergeEntries,
  slice,
  sortEntries,
} from './index-entries.ts'
import { createRuns, type IndexedColumn, RANGE_WIDTH, RANGES, rangeOf, tablesOf } from './index-tables.ts'

interface LeafRow {
  rowid: number
  hash: number
  position: number
  entries: Uint8Array
}

// With more, a leaf is longer than a page of the file.
const ENTRIES_PER_LEAF = 240

type IsKept = (position: number) => boolean

/**
 * Hashes are spread over the whole index: with millions of outcomes, each new one would write another page. So the new
 * entries of a write are one row, a sorted run. Each write merges the runs of the last writes into the leaves of one range
 * of hashes, several entries per leaf. InnoDB's change buffer works the same way. All within the transaction of the caller.
 */
export function createIndexWriter(database: DatabaseSync, column: IndexedColumn) {
  const tables = tablesOf(column)
  const runs = createRuns(database, column)
  const addRun = database.prepare(`INSERT INTO ${tables.runs} VALUES (?, ?)`)
  const updateRun = database.prepare(`UPDATE ${tables.runs} SET entries = ? WHERE write = ?`)
  const removeRuns = database.prepare(`DELETE FROM ${tables.runs} WHERE write <= ?`)
  const within = database.prepare(
    `SELECT rowid, * FROM ${tables.leaves} WHERE hash >= ? AND hash < ? ORDER BY hash, position`,
  )
  const addLeaf = database.prepare(`INSERT INTO ${tables.leaves} VALUES (?, ?, ?)`)
  const removeLeaf = database.prepare(`DELETE FROM ${tables.leaves} WHERE rowid = ?`)

  const leavesIn = (range: number) =>
    within.all(range * RANGE_WIDTH, (range + 1) * RANGE_WIDTH) as unknown as LeafRow[]

  function write(entries: IndexEntries) {
    const leaves = Math.ceil(entries.hashes.length / ENTRIES_PER_LEAF)
    const size = Math.ceil(entries.hashes.length / leaves)
    for (let leaf = 0; leaf < leaves; leaf++) {
      const part = slice(entries, leaf * size, (leaf + 1) * size)
      addLeaf.run(part.hashes[0] ?? 0, part.positions[0] ?? 0, encodeEntries(part))
    }
  }

  /** Leaves without new entries stay as they are. */
  function mergeInto(leaves: readonly LeafRow[], fresh: IndexEntries, isKept: IsKept) {
    let from = 0
    for (const [index, leaf] of leaves.entries()) {
      const next = leaves[index + 1]
      const end = next ? lowerBound(fresh, next.hash, next.position) : fresh.hashes.length
      if (end > from) {
        removeLeaf.run(leaf.rowid)
        write(mergeEntries(decodeEntries(leaf.entries), slice(fresh, from, end), isKept))
      }
      from = end
    }
    if (leaves.length === 0) write(keepEntries(fresh, isKept))
  }

  return {
    /** The new entries of a write, in the order of their positions. Entries of positions that are not kept disappear. */
    add(entries: IndexEntries, isKept: IsKept): void {
      runs.refresh()
      const run = sortEntries(entries)
      const number = runs.newest() + 1
      addRun.run(number, encodeEntries(run))
      const range = rangeOf(number)
      const [low, high] = [range * RANGE_WIDTH, (range + 1) * RANGE_WIDTH]
      const inRange = [...runs.all(), run].map((all) =>
        slice(all, lowerBound(all, low, 0), lowerBound(all, high, 0)),
      )
      mergeInto(leavesIn(range), mergeAll(inRange), isKept)
      removeRuns.run(number - RANGES + 1)
    },

    /** Removes entries everywhere: seldom needed, and takes seconds with millions of them. */
    keepOnly(isKept: IsKept): void {
      runs.clear()
      for (let range = 0; range < RANGES; range++) {
        for (const leaf of leavesIn(range)) {
          removeLeaf.run(leaf.rowid)
          write(keepEntries(decodeEntries(leaf.entries), isKept))
        }
      }
      const rows = database.prepare(`SELECT write, entries FROM ${tables.runs}`).all() as {
        write: number
        entries: Uint8Array
      }[]
      for (const { write: number, entries } of rows)
        updateRun.run(encodeEntries(keepEntries(decodeEntries(entries), isKept)), number)
    },

    /** After a transaction that failed: what it read may never have been written. */
    reset: runs.clear,
  }
}
