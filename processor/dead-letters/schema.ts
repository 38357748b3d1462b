import type { DatabaseSync } from 'node:sqlite'
import { prepareCacheFile } from '../read-model/cache-file.ts'

const SCHEMA_VERSION = 3

// The bytes are last: lists do not read them.
const SCHEMA = `
  CREATE TABLE dead_letters (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    full_id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    detail TEXT NOT NULL,
    facts TEXT NOT NULL,
    key BLOB,
    value BLOB
  ) STRICT;
  CREATE INDEX by_id ON dead_letters (id);
  CREATE INDEX by_time ON dead_letters (at, position);
  CREATE INDEX by_reason ON dead_letters (reason, at, position);
  CREATE INDEX by_owner ON dead_letters (owner, at, position);
  CREATE INDEX by_owner_and_reason ON dead_letters (owner, reason, at, position);
`

/** Opens the file of the dead letters, for readers beside one writer; see {@link prepareCacheFile}. */
export const prepareDeadLetterFile = <Opened>(
  path: string,
  open: (database: DatabaseSync) => Opened,
): Opened => prepareCacheFile(path, { version: SCHEMA_VERSION, sql: SCHEMA, tables: ['dead_letters'] }, open)
