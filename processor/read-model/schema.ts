import type { DatabaseSync } from 'node:sqlite'
import { blocksSql } from './blocks-table.ts'
import { prepareCacheFile } from './cache-file.ts'
import { indexedColumns, indexesSql, tablesOf } from './index-tables.ts'
import { kindsSql } from './kinds-table.ts'

const SCHEMA_VERSION = 8

const SCHEMA = `
  ${blocksSql}
  ${indexesSql}
  CREATE TABLE partitions (
    partition INTEGER PRIMARY KEY,
    next INTEGER NOT NULL,
    first INTEGER NOT NULL,
    resume INTEGER,
    log TEXT NOT NULL,
    copied TEXT
  ) STRICT;
  CREATE TABLE claims (
    position INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    member TEXT,
    cluster TEXT,
    at INTEGER NOT NULL
  ) STRICT;
  ${kindsSql}
`

const TABLES = [
  'kinds',
  'partitions',
  'claims',
  'blocks',
  ...indexedColumns.map(tablesOf).flatMap(Object.values<string>),
]

/** Opens the file of the read model, for readers beside one writer; see {@link prepareCacheFile}. */
export const prepareReadModelFile = <Opened>(
  path: string,
  open: (database: DatabaseSync) => Opened,
): Opened => prepareCacheFile(path, { version: SCHEMA_VERSION, sql: SCHEMA, tables: TABLES }, open)
