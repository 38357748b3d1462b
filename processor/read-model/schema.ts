import type { DatabaseSync } from 'node:sqlite'
import { prepareCacheFile } from './cache-file.ts'
import { kindsSql } from './kinds-table.ts'

const SCHEMA_VERSION = 5

export const indexedColumns = ['event', 'customer', 'link'] as const
export type IndexedColumn = (typeof indexedColumns)[number]

/** The two tables of an index by hash; the small one contains new entries: see merge-recent.ts. */
export const partsOf = (column: IndexedColumn) => ({ large: `${column}s`, recent: `recent_${column}s` })

function indexBy(column: IndexedColumn): string {
  const { large, recent } = partsOf(column)
  const part = (table: string) => `
  CREATE TABLE ${table} (
    ${column} INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (${column}, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER remove_from_${table} AFTER DELETE ON outcomes BEGIN
    DELETE FROM ${table} WHERE ${column} = old.${column} AND position = old.position;
  END;`
  return `${part(large)}${part(recent)}`
}

const SCHEMA = `
  CREATE TABLE outcomes (
    position INTEGER PRIMARY KEY,
    event INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    link INTEGER,
    kind INTEGER NOT NULL,
    classified_at INTEGER NOT NULL,
    owner TEXT NOT NULL,
    json BLOB NOT NULL
  ) STRICT;
  ${indexedColumns.map(indexBy).join('')}
  CREATE TABLE partitions (
    partition INTEGER PRIMARY KEY,
    next INTEGER NOT NULL,
    first INTEGER NOT NULL,
    resume INTEGER,
    log TEXT NOT NULL
  ) STRICT;
  CREATE TABLE claims (
    position INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    member TEXT,
    at INTEGER NOT NULL
  ) STRICT;
  ${kindsSql}
`

const TABLES = [
  'kinds',
  'partitions',
  'claims',
  'outcomes',
  ...indexedColumns.map(partsOf).flatMap(Object.values<string>),
]

/** Opens the file of the read model, for readers beside one writer; see {@link prepareCacheFile}. */
export const prepareReadModelFile = (path: string): DatabaseSync =>
  prepareCacheFile(path, { version: SCHEMA_VERSION, sql: SCHEMA, tables: TABLES })
