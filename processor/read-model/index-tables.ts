import type { DatabaseSync } from 'node:sqlite'
import { decodeEntries, type IndexEntries } from './index-entries.ts'

export const indexedColumns = ['event', 'customer', 'link'] as const
export type IndexedColumn = (typeof indexedColumns)[number]

/** Leaves have most entries, each leaf some hundreds; runs the new ones: see index-writer.ts. */
export const tablesOf = (column: IndexedColumn) => ({ leaves: `${column}_leaves`, runs: `${column}_runs` })

function sqlOf(column: IndexedColumn): string {
  const { leaves, runs } = tablesOf(column)
  return `
  CREATE TABLE ${leaves} (
    hash INTEGER NOT NULL, position INTEGER NOT NULL, entries BLOB NOT NULL, UNIQUE (hash, position)
  ) STRICT;
  CREATE TABLE ${runs} (write INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;`
}

export const indexesSql = indexedColumns.map(sqlOf).join('')

/** Each write merges the new entries of one range of hashes: after this many, all that were new are in leaves. */
export const RANGES = 64
export const RANGE_WIDTH = 2 ** 48 / RANGES

/** The range that a write merges. */
export const rangeOf = (write: number): number => write % RANGES

/** The entries of the last writes, in memory: they are in no leaf, or only some. */
export function createRuns(database: DatabaseSync, column: IndexedColumn) {
  const { runs: table } = tablesOf(column)
  const after = database.prepare(`SELECT write, entries FROM ${table} WHERE write > ? ORDER BY write`)
  let newest = 0
  let runs: { write: number; entries: IndexEntries }[] = []
  let entriesOf: IndexEntries[] = []

  return {
    /** Reads those that another connection has written since the last call. */
    refresh(): void {
      const added = after.all(newest) as { write: number; entries: Uint8Array }[]
      if (added.length === 0) return
      for (const { write, entries } of added) runs.push({ write, entries: decodeEntries(entries) })
      newest = runs.at(-1)?.write ?? 0
      runs = runs.filter(({ write }) => write > newest - RANGES)
      entriesOf = runs.map(({ entries }) => entries)
    },

    newest: (): number => newest,

    all: (): readonly IndexEntries[] => entriesOf,

    /** Those that may have entries of a hash that are in no leaf: the runs after the last merge of its range. */
    unmerged(hash: number): readonly IndexEntries[] {
      const range = Math.floor(hash / RANGE_WIDTH)
      const writes = (rangeOf(newest) - range + RANGES) % RANGES
      return writes === 0 ? [] : entriesOf.slice(-writes)
    },

    clear: (): void => {
      newest = 0
      runs = []
      entriesOf = []
    },
  }
}
