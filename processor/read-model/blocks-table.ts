import type { DatabaseSync } from 'node:sqlite'
import {
  BLOCK_BYTES,
  type BlockRecord,
  decodeRecords,
  type EncodedBlock,
  encodeBlock,
  RECORDS_PER_BLOCK,
} from './block.ts'
import { offsetOf, positionOf } from './record.ts'

export interface BlockRow extends EncodedBlock {
  /** Of the first record. */
  position: number
  /** Position of the last record. */
  last: number
}

export const blocksSql = `
  CREATE TABLE blocks (
    position INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    count INTEGER NOT NULL,
    size INTEGER NOT NULL,
    kinds INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    owners TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;`

// Retention removes a whole segment at once, up to millions of records: in one transaction, that would stop following.
// The next writes remove the rest; each adds fewer blocks than this. Nothing before `first` is read.
const BLOCKS_CUT_PER_WRITE = 320

/** Changes the blocks in the file, within the transaction of the caller. */
export function createBlocksTable(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const lastOf = database.prepare(
    'SELECT * FROM blocks WHERE position >= ? AND position < ? ORDER BY position DESC LIMIT 1',
  )
  const remove = database.prepare('DELETE FROM blocks WHERE position = ?')
  const removeAll = database.prepare('DELETE FROM blocks WHERE position >= ? AND position < ?')
  const removeSome = database.prepare(
    `DELETE FROM blocks WHERE position IN
     (SELECT position FROM blocks WHERE position >= ?1 AND position < ?2 AND last < ?2 LIMIT ${BLOCKS_CUT_PER_WRITE})`,
  )

  const lastBlock = (partition: number) =>
    lastOf.get(positionOf(partition, 0), positionOf(partition + 1, 0)) as BlockRow | undefined

  function insertBlock(partition: number, records: readonly BlockRecord[]) {
    const [first, last] = [records[0], records.at(-1)]
    if (!first || !last) return
    const { count, size, kinds, earliest, latest, owners, body } = encodeBlock(records)
    const [from, to] = [positionOf(partition, first.offset), positionOf(partition, last.offset)]
    insert.run(from, to, count, size, kinds, earliest, latest, owners, body)
  }

  return {
    /**
     * Records in the order of their offsets; those that are in the file already are skipped. Small blocks are merged with
     * blocks of their own size, so that a record is rewritten five times at most, however few come at a time.
     */
    append(partition: number, added: readonly BlockRecord[]): void {
      let block = lastBlock(partition)
      const end = block ? offsetOf(block.last) : -1
      const parts = [added.filter(({ offset }) => offset > end)]
      let count = parts[0]?.length ?? 0
      if (count === 0) return
      while (block && !isFull(block) && block.count <= count) {
        remove.run(block.position)
        parts.unshift(decodeRecords(block))
        count += block.count
        block = lastBlock(partition)
      }
      for (const records of intoBlocks(parts.flat())) insertBlock(partition, records)
    },

    /** Keeps the block that contains `first`. */
    cut(partition: number, first: number): void {
      removeSome.run(positionOf(partition, 0), positionOf(partition, first))
    },

    remove(partition: number): void {
      removeAll.run(positionOf(partition, 0), positionOf(partition + 1, 0))
    },
  }
}

const isFull = ({ count, size }: Pick<EncodedBlock, 'count' | 'size'>) =>
  count >= RECORDS_PER_BLOCK || size >= BLOCK_BYTES

function* intoBlocks(records: readonly BlockRecord[]): Generator<BlockRecord[]> {
  let block: BlockRecord[] = []
  let size = 0
  for (const record of records) {
    block.push(record)
    size += record.json.length
    if (!isFull({ count: block.length, size })) continue
    yield block
    block = []
    size = 0
  }
  yield block
}
