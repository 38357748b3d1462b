import type { DatabaseSync } from 'node:sqlite'
import { kindRules } from '../../backbone/records/outcome.ts'
import { createMerger } from './merge-recent.ts'
import { hashOf, type OutcomeRecord, type PartitionState, positionOf } from './record.ts'
import { openReadModelFile } from './schema.ts'

/** One transaction of the read model's writer: records, where their partitions stand after them, and what retention cut. */
export interface FileWrite {
  records: Iterable<OutcomeRecord>
  partitions: [partition: number, state: PartitionState][]
  /** Partitions whose log was made anew: what was known of them goes first. */
  forget: number[]
}

// Retention takes a whole segment at once, up to millions: in one transaction nothing could be followed for half a minute.
// What is left goes with the next writes, which bring less than this takes; nobody reads before `first`.
const CUT_PER_WRITE = 10_000

// Hashes fall anywhere in their indexes. With SQLite's own 2 MB of cache and a checkpoint every 4 MB the same pages were read
// and written again and again: two thirds of this thread's time was the kernel's, and rows cost twice as much.
// Only with recursive triggers is what a REPLACE takes away told to the indexes.
const TUNING = `PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000;
  PRAGMA recursive_triggers = ON`

/** Writes to the read model's file. `write` is one transaction: either all of it is in the file or none. */
export function createFileWriter(path: string) {
  const database = openReadModelFile(path)
  database.exec(TUNING)
  const merger = createMerger(database)
  const insert = database.prepare('INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?)')
  const remember = database.prepare('INSERT OR REPLACE INTO partitions VALUES (?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM outcomes WHERE position >= ? AND position < ?')
  const removeSome = database.prepare(
    `DELETE FROM outcomes WHERE position IN
     (SELECT position FROM outcomes WHERE position >= ? AND position < ? LIMIT ${CUT_PER_WRITE})`,
  )

  return {
    write({ records, partitions, forget }: FileWrite) {
      transaction(database, () => {
        for (const partition of forget) remove.run(positionOf(partition, 0), positionOf(partition + 1, 0))
        for (const record of records) {
          insert.run(
            positionOf(record.partition, record.offset),
            record.eventHash,
            hashOf(record.customer),
            kindRules[record.kind].number,
            record.classifiedAt,
            record.owner,
            record.json,
          )
        }
        for (const [partition, { next, first, resume, log }] of partitions) {
          remember.run(partition, next, first, resume ?? null, log)
          removeSome.run(positionOf(partition, 0), positionOf(partition, first))
        }
        merger.mergeNext()
      })
    },
    close: () => database.close(),
  }
}

function transaction(database: DatabaseSync, work: () => void) {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
