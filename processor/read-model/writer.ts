import { openCacheFile, transaction } from './cache-file.ts'
import { createClaimsTable } from './claims-table.ts'
import { createKindNumbers } from './kinds-table.ts'
import { conflictedBy } from './matches.ts'
import { createMerger, type IndexEntry } from './merge-recent.ts'
import { type ClaimRecord, hashOf, type OutcomeRecord, type PartitionState, positionOf } from './record.ts'

/** One write transaction: records, the state of their partitions afterwards, and what retention removed. */
export interface FileWrite {
  records: Iterable<OutcomeRecord>
  /** Absent if there are none. */
  claims?: readonly ClaimRecord[]
  partitions: [partition: number, state: PartitionState][]
  /** Partitions whose log was recreated: their previous records are removed first. */
  forget: number[]
}

// Retention removes a whole segment at once, up to millions of records: in one transaction, that would stop
// following for half a minute. The next writes remove the rest; each adds fewer records than this. Nothing
// before `first` is read.
const CUT_PER_WRITE = 10_000

// Hashes are spread over their indexes. With SQLite's default cache of 2 MB and a checkpoint every 4 MB, the
// same pages were read and written repeatedly: the kernel took two thirds of this thread's time, and rows
// cost twice as much. REPLACE updates indexes of removed rows only with recursive triggers.
const TUNING = `PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000;
  PRAGMA recursive_triggers = ON`

/** Writes to the file of the read model. `write` is one transaction: it writes everything or nothing. */
export function createFileWriter(path: string) {
  const database = openCacheFile(path)
  database.exec(TUNING)
  const merger = createMerger(database)
  const kindNumber = createKindNumbers(database)
  const claimsTable = createClaimsTable(database)
  const insert = database.prepare('INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const remember = database.prepare('INSERT OR REPLACE INTO partitions VALUES (?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM outcomes WHERE position >= ? AND position < ?')
  const removeSome = database.prepare(
    `DELETE FROM outcomes WHERE position IN
     (SELECT position FROM outcomes WHERE position >= ? AND position < ? LIMIT ${CUT_PER_WRITE})`,
  )

  return {
    write({ records, claims = [], partitions, forget }: FileWrite) {
      transaction(database, () => {
        for (const partition of forget) {
          remove.run(positionOf(partition, 0), positionOf(partition + 1, 0))
          claimsTable.remove(partition)
        }
        claimsTable.add(claims)
        const entries: IndexEntry[] = []
        for (const record of records) {
          const entry = entryOf(record)
          entries.push(entry)
          insert.run(
            entry.position,
            entry.event,
            entry.customer,
            entry.link,
            kindNumber(record.kind),
            record.classifiedAt,
            record.owner,
            record.json,
          )
        }
        merger.add(entries)
        for (const [partition, { next, first, resume, log }] of partitions) {
          remember.run(partition, next, first, resume ?? null, log)
          removeSome.run(positionOf(partition, 0), positionOf(partition, first))
          claimsTable.cut(partition, first)
        }
        merger.mergeNext()
      })
    },
    close: () => database.close(),
  }
}

const entryOf = (record: OutcomeRecord): IndexEntry => ({
  position: positionOf(record.partition, record.offset),
  event: record.eventHash,
  customer: hashOf(record.customer),
  link: linkOf(record),
})

/** What else an outcome is found by: its folio, or the event that its record was in conflict with. */
function linkOf(record: OutcomeRecord): number | null {
  const id = record.folio || conflictedBy(record)
  return id ? hashOf(id) : null
}
