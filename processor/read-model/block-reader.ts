import type { DatabaseSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { type BlockRecord, decodeBlock } from './block.ts'
import type { BlockRow } from './blocks-table.ts'
import type { Order } from './merge-partitions.ts'
import { offsetOf, positionOf } from './record.ts'

/** Of the blocks that may contain what is looked for: the bits of its kinds, and bounds of its times. */
export interface BlockBounds {
  kinds: number
  since: number
  until: number
}

/** Decompressed: pages and streams read neighbours. */
const CACHE_BYTES = 2 * 1024 * 1024

/** Reads the outcomes in the blocks of the file. */
export function createBlockReader(database: DatabaseSync) {
  const cache = new LRUCache<number, { body: Uint8Array; records: BlockRecord[] }>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ body, records }) =>
      records.reduce((sum, { json }) => sum + json.length, body.length + 1),
  })
  // The block of the first position begins before it.
  const select = (order: string) =>
    database.prepare(
      `SELECT * FROM blocks
       WHERE position >= ifnull((SELECT max(position) FROM blocks WHERE position <= ?1), ?1) AND position < ?2
         AND last >= ?1 AND kinds & ?3 AND latest >= ?4 AND earliest < ?5
       ORDER BY position ${order}`,
    )
  const selections = { 'oldest first': select('ASC'), 'newest first': select('DESC') }
  const covering = database.prepare('SELECT * FROM blocks WHERE position <= ? ORDER BY position DESC LIMIT 1')

  /** A block that was rewritten has another body. */
  function recordsOf(row: BlockRow): BlockRecord[] {
    const known = cache.get(row.position)
    if (known && Buffer.compare(known.body, row.body) === 0) return known.records
    const records = decodeBlock(row)
    cache.set(row.position, { body: row.body, records })
    return records
  }

  return {
    at(position: number): BlockRecord | undefined {
      const row = covering.get(position) as BlockRow | undefined
      if (!row || row.last < position) return undefined
      return recordsOf(row).find(({ offset }) => offset === offsetOf(position))
    },

    /** Offsets from `from` on and before `end`. Some have other kinds and times. */
    *between(
      partition: number,
      from: number,
      end: number,
      { kinds, since, until }: BlockBounds,
      order: Order = 'oldest first',
    ): Generator<BlockRecord> {
      const [low, high] = [positionOf(partition, from), positionOf(partition, end)]
      const rows = selections[order].iterate(low, high, kinds, since, until) as unknown as Iterable<BlockRow>
      for (const row of rows) {
        const records = recordsOf(row).filter(({ offset }) => offset >= from && offset < end)
        yield* order === 'oldest first' ? records : records.toReversed()
      }
    },
  }
}
