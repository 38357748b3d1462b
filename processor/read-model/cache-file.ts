import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

interface CacheSchema {
  /** Kept in `PRAGMA user_version`. */
  version: number
  /** Creates all tables. */
  sql: string
  tables: readonly string[]
}

/** Opens one more connection to a file; the first one is {@link prepareCacheFile}. */
export function openCacheFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA busy_timeout = 10000')
  return database
}

/**
 * Opens a file of which all content comes from Kafka, for readers beside one writer. A missing or damaged file, or one
 * of another version, is recreated: nothing is lost. Most damage is found only by reading: `open` reads whatever is needed
 * at the start, and may be called twice.
 */
export function prepareCacheFile<Opened>(
  path: string,
  schema: CacheSchema,
  open: (database: DatabaseSync) => Opened,
): Opened {
  mkdirSync(dirname(path), { recursive: true })
  try {
    return openPrepared(path, schema, open)
  } catch {
    removeCacheFile(path)
    return openPrepared(path, schema, open)
  }
}

export function removeCacheFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

/** All of the work is written, or nothing. */
export function transaction(database: DatabaseSync, work: () => void) {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function openPrepared<Opened>(
  path: string,
  { version, sql, tables }: CacheSchema,
  open: (database: DatabaseSync) => Opened,
): Opened {
  const database = openCacheFile(path)
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const found = database.prepare('PRAGMA user_version').get()?.user_version
    if (found === 0) database.exec(`${sql}; PRAGMA user_version = ${version}`)
    else if (found !== version) throw new Error('a file of another version')
    for (const table of tables) database.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
    return open(database)
  } catch (error) {
    database.close()
    throw error
  }
}
