import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA_VERSION = 4

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
  PRAGMA user_version = ${SCHEMA_VERSION};
`

const TABLES = [
  'partitions',
  'claims',
  'outcomes',
  ...indexedColumns.map(partsOf).flatMap(Object.values<string>),
]

/** Opens one more connection to the file of the read model; the first one is {@link prepareReadModelFile}. */
export function openReadModelFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA busy_timeout = 10000')
  return database
}

/**
 * Opens the file of the read model, for readers beside one writer. A missing or damaged file, or one of
 * another version, is rebuilt. Nothing is lost, because all its content comes from Notifications.
 */
export function prepareReadModelFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  try {
    return openPrepared(path)
  } catch {
    removeReadModelFile(path)
    return openPrepared(path)
  }
}

export function removeReadModelFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

function openPrepared(path: string): DatabaseSync {
  const database = openReadModelFile(path)
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const version = database.prepare('PRAGMA user_version').get()?.user_version
    if (version === 0) database.exec(SCHEMA)
    else if (version !== SCHEMA_VERSION) throw new Error('a read model of another version')
    for (const table of TABLES) database.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
