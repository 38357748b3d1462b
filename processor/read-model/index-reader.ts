import type { DatabaseSync } from 'node:sqlite'
import { decodeEntries, type IndexEntries, lowerBound, slice } from './index-entries.ts'
import { createRuns, type IndexedColumn, tablesOf } from './index-tables.ts'
import type { Order } from './merge-partitions.ts'

/** A hash, and the position of an outcome that has it. */
export interface IndexEntry {
  hash: number
  position: number
}

interface LeafRow {
  entries: Uint8Array
}

/**
 * Looks up an index by hash: what was written before the last `refresh`, and perhaps more. It may also name positions whose
 * outcome was removed: nothing, or another outcome, is there.
 */
export function createIndexReader(database: DatabaseSync, column: IndexedColumn) {
  const { leaves } = tablesOf(column)
  const runs = createRuns(database, column)
  runs.refresh()
  const covering = database.prepare(
    `SELECT entries FROM ${leaves} WHERE (hash, position) <= (?, ?) ORDER BY hash DESC, position DESC LIMIT 1`,
  )
  const between = (order: string) =>
    database.prepare(
      `SELECT entries FROM ${leaves} WHERE hash = ?1 AND position > ?2 AND position < ?3 ORDER BY position ${order}`,
    )
  const following = { 'oldest first': between('ASC'), 'newest first': between('DESC') }
  const after = database.prepare(
    `SELECT entries FROM ${leaves} WHERE (hash, position) > (?, ?) ORDER BY hash, position`,
  )

  function* inLeaves(hash: number, from: number, end: number, order: Order): Generator<IndexEntries> {
    const row = covering.get(hash, from) as LeafRow | undefined
    const first = row && decodeEntries(row.entries)
    if (first && order === 'oldest first') yield first
    // Entries of one hash are seldom in several leaves.
    const isAll = (first?.hashes.at(-1) ?? 0) > hash
    if (!isAll)
      for (const { entries } of rowsOf(following[order].iterate(hash, from, end)))
        yield decodeEntries(entries)
    if (first && order === 'newest first') yield first
  }

  return {
    refresh: () => runs.refresh(),

    /** Positions at or after `from` and before `end`. */
    *positions(hash: number, from: number, end: number, order: Order = 'oldest first'): Generator<number> {
      // What is merged after the runs were read is in a leaf as well.
      const recent = sortPositions(positionsWithin(runs.unmerged(hash), hash, [from, end]), order)
      const before = (one: number, other: number) => (order === 'oldest first' ? one < other : one > other)
      let next = 0
      for (const leaf of inLeaves(hash, from, end, order))
        for (const position of sortPositions(positionsWithin([leaf], hash, [from, end]), order)) {
          while (next < recent.length && before(recent[next] ?? 0, position)) yield recent[next++] ?? 0
          if (recent[next] === position) next++
          yield position
        }
      yield* recent.slice(next)
    },

    /** The entries after one of them, in this order: at least `limit`, or all that are left. */
    after({ hash, position }: IndexEntry, limit: number): IndexEntry[] {
      const recent = runs.all()
      const first = covering.get(hash, position) as LeafRow | undefined
      const found = first ? entriesAfter(decodeEntries(first.entries), { hash, position }) : []
      let isAll = true
      for (const { entries } of rowsOf(after.iterate(hash, position))) {
        isAll = found.length < limit
        if (!isAll) break
        found.push(...entriesAfter(decodeEntries(entries), { hash, position }))
      }
      const last = isAll ? undefined : found.at(-1)
      const others = recent.flatMap((entries) => entriesAfter(entries, { hash, position }, last))
      // What is merged into a leaf stays in its run until all of the run is.
      return [...found, ...others]
        .toSorted((one, other) => one.hash - other.hash || one.position - other.position)
        .filter((entry, index, all) => index === 0 || !isSame(entry, all[index - 1]))
    },
  }
}

const isSame = (one: IndexEntry, other: IndexEntry | undefined) =>
  one.hash === other?.hash && one.position === other.position

const rowsOf = (rows: Iterable<unknown>) => rows as Iterable<LeafRow>

/** Entries after one of them, up to and with another one. */
function entriesAfter(entries: IndexEntries, after: IndexEntry, last?: IndexEntry): IndexEntry[] {
  const end = last && lowerBound(entries, last.hash, last.position + 1)
  const { hashes, positions } = slice(entries, lowerBound(entries, after.hash, after.position + 1), end)
  return Array.from(hashes, (hash, index) => ({ hash, position: positions[index] ?? 0 }))
}

/** Without an object for each of the runs: there are up to 63, and most have no such entry. */
function positionsWithin(
  all: readonly IndexEntries[],
  hash: number,
  [from, end]: readonly [number, number],
): number[] {
  const found: number[] = []
  for (const entries of all) {
    const { hashes, positions } = entries
    for (let at = lowerBound(entries, hash, from); hashes[at] === hash; at++) {
      const position = positions[at] ?? end
      if (position >= end) break
      found.push(position)
    }
  }
  return found
}

function sortPositions(positions: number[], order: Order): number[] {
  const direction = order === 'oldest first' ? 1 : -1
  return [...new Set(positions)].toSorted((one, other) => direction * (one - other))
}
