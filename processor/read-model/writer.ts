import type { BlockRecord } from './block.ts'
import { createBlocksTable } from './blocks-table.ts'
import { openCacheFile, transaction } from './cache-file.ts'
import { createClaimsTable } from './claims-table.ts'
import type { IndexEntries } from './index-entries.ts'
import { type IndexedColumn, indexedColumns } from './index-tables.ts'
import { createIndexWriter } from './index-writer.ts'
import { createKindNumbers } from './kinds-table.ts'
import { type FileRecord, type PackedRecords, unpackRecords } from './packed-records.ts'
import { type ClaimRecord, hashOf, offsetOf, type PartitionState, partitionOf, positionOf } from './record.ts'

/** One write transaction: records, the state of their partitions afterwards, and what retention removed. */
export interface FileWrite {
  /** Those of one partition are in the order of their offsets. */
  records: PackedRecords
  /** Absent if there are none. */
  claims?: readonly ClaimRecord[]
  partitions: [partition: number, state: PartitionState][]
  /** Partitions whose log was recreated: their previous records are removed first. */
  forget: number[]
}

const TUNING = 'PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 2000'

/** Writes to the file of the read model. `write` is one transaction: it writes everything or nothing. */
export function createFileWriter(path: string) {
  const database = openCacheFile(path)
  database.exec(TUNING)
  const indexes = indexedColumns.map((column) => ({ column, index: createIndexWriter(database, column) }))
  const kindNumber = createKindNumbers(database)
  const blocks = createBlocksTable(database)
  const claimsTable = createClaimsTable(database)
  const remember = database.prepare('INSERT OR REPLACE INTO partitions VALUES (?, ?, ?, ?, ?, ?)')
  const firsts = database.prepare('SELECT partition, first FROM partitions')

  function forget(partition: number) {
    blocks.remove(partition)
    claimsTable.remove(partition)
    for (const { index } of indexes) index.keepOnly((position) => partitionOf(position) !== partition)
  }

  const toBlockRecord = ({ offset, kind, classifiedAt, owner, json }: FileRecord): BlockRecord => ({
    offset,
    kind: kindNumber(kind),
    classifiedAt,
    owner,
    json,
  })

  /** Whether the log still contains a position. */
  function keeper(): (position: number) => boolean {
    const rows = firsts.all() as { partition: number; first: number }[]
    const first = new Map(rows.map((row) => [row.partition, row.first]))
    return (position) => offsetOf(position) >= (first.get(partitionOf(position)) ?? 0)
  }

  function writeAll({ records: packed, claims = [], partitions, forget: forgotten }: FileWrite) {
    for (const partition of forgotten) forget(partition)
    claimsTable.add(claims)
    const byPartition = Map.groupBy(unpackRecords(packed), ({ partition }) => partition)
    for (const [partition, records] of byPartition) blocks.append(partition, records.map(toBlockRecord))
    for (const [partition, { next, first, resume, log, copied }] of partitions) {
      remember.run(partition, next, first, resume ?? null, log, copied ? JSON.stringify(copied) : null)
      blocks.cut(partition, first)
      claimsTable.cut(partition, first)
    }
    const isKept = keeper()
    // In the order of their positions.
    const sorted = [...byPartition]
      .toSorted(([one], [other]) => one - other)
      .flatMap(([, records]) => records)
    for (const { column, index } of indexes) index.add(entriesOf(column, sorted), isKept)
  }

  return {
    write(write: FileWrite): void {
      try {
        transaction(database, () => writeAll(write))
      } catch (error) {
        for (const { index } of indexes) index.reset()
        throw error
      }
    },
    close: () => database.close(),
  }
}

/** Without those that have nothing to be found by. */
function entriesOf(column: IndexedColumn, records: readonly FileRecord[]): IndexEntries {
  const found = column === 'event' ? records : records.filter((record) => record[column] !== '')
  return {
    hashes: Float64Array.from(found, (record) =>
      column === 'event' ? record.eventHash : hashOf(record[column]),
    ),
    positions: Float64Array.from(found, ({ partition, offset }) => positionOf(partition, offset)),
  }
}
