import type { DatabaseSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { type Block, type BlockRecord, decodeBlock } from './block.ts'
import type { BlockRow } from './blocks-table.ts'
import type { Order } from './merge-partitions.ts'
import { offsetOf, positionOf } from './record.ts'

/** Of the blocks that may contain what is looked for: the bits of its kinds, and bounds of its times. */
export interface BlockBounds {
  kinds: number
  since: number
  until: number
}

export const EVERYTHING: BlockBounds = {
  kinds: 2 ** 53 - 1,
  since: Number.MIN_SAFE_INTEGER,
  until: Number.MAX_SAFE_INTEGER,
}

/** Decompressed: pages and streams read neighbours. */
const CACHE_BYTES = 2 * 1024 * 1024

/** Reads the outcomes in the blocks of the file. */
export function createBlockReader(database: DatabaseSync) {
  const cache = new LRUCache<number, { row: BlockRow; block: Block }>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ row }) => row.size + row.body.length,
  })
  let last: { row: BlockRow; block: Block } | undefined
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
  function blockOf(row: BlockRow): Block {
    const known = cache.get(row.position)
    if (known && Buffer.compare(known.row.body, row.body) === 0) return known.block
    const block = decodeBlock(row)
    cache.set(row.position, { row, block })
    return block
  }

  function blockFrom(position: number, end: number): Block | undefined {
    if (last && last.row.position <= position && position <= last.row.last) return last.block
    const { kinds, since, until } = EVERYTHING
    const row = selections['oldest first'].get(position, end, kinds, since, until) as BlockRow | undefined
    last = row && { row, block: blockOf(row) }
    return last?.block
  }

  return {
    at(position: number): BlockRecord | undefined {
      const row = covering.get(position) as BlockRow | undefined
      if (!row || row.last < position) return undefined
      const block = blockOf(row)
      const index = block.offsets.indexOf(offsetOf(position))
      return index < 0 ? undefined : block.recordAt(index)
    },

    /**
     * The first record from `from` on and before `end`. Ascending offsets are quick, but what was removed or recreated
     * since the last call may still be found: for a short series of calls.
     */
    first(partition: number, from: number, end: number): BlockRecord | undefined {
      const block = blockFrom(positionOf(partition, from), positionOf(partition, end))
      const index = block?.offsets.findIndex((offset) => offset >= from) ?? -1
      const record = index < 0 ? undefined : block?.recordAt(index)
      return record && record.offset < end ? record : undefined
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
        const { offsets, recordAt } = blockOf(row)
        const indexes = [...offsets.keys()].filter((index) => isWithin(offsets[index], from, end))
        for (const index of order === 'oldest first' ? indexes : indexes.toReversed()) yield recordAt(index)
      }
    },
  }
}

const isWithin = (offset = Number.NaN, from: number, end: number) => offset >= from && offset < end
