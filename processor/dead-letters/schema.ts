import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openReadModelFile, removeReadModelFile } from '../read-model/schema.ts'

const SCHEMA_VERSION = 1

// The bytes are last: lists do not read them.
const SCHEMA = `
  CREATE TABLE dead_letters (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    detail TEXT NOT NULL,
    facts TEXT NOT NULL,
    key BLOB,
    value BLOB
  ) STRICT;
  CREATE INDEX by_time ON dead_letters (at, position);
  CREATE INDEX by_reason ON dead_letters (reason, at, position);
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/**
 * Opens the file of the dead letters, for readers beside one writer. A missing or damaged file, or one of another
 * version, is rebuilt from the topic.
 */
export function prepareDeadLetterFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  try {
    return openPrepared(path)
  } catch {
    removeReadModelFile(path)
    return openPrepared(path)
  }
}

function openPrepared(path: string): DatabaseSync {
  const database = openReadModelFile(path)
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const version = database.prepare('PRAGMA user_version').get()?.user_version
    if (version === 0) database.exec(SCHEMA)
    else if (version !== SCHEMA_VERSION) throw new Error('a file of another version')
    database.prepare('SELECT * FROM dead_letters LIMIT 1').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
