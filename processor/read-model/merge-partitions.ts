import { READ_LIMIT_BYTES } from './byte-limit.ts'
import type { ServedRecord } from './record.ts'

export type Order = 'oldest first' | 'newest first'

/**
 * Reads records of one partition from an offset on, or newest first those before it. `next` is the offset to
 * continue with, `end` means that there are no more now.
 */
export type ReadPartition = (
  partition: number,
  from: number,
  limit: number,
) => { records: ServedRecord[]; next: number; end: boolean }

export interface Page {
  records: ServedRecord[]
  /** By partition: the offset to continue with, after these records and those that the filter skipped. */
  next: number[]
  /** All existing records have been read. */
  end: boolean
}

const orders = {
  'oldest first': {
    precedes: (one: number, other: number) => one < other,
    /** The offset to continue with, so that the record at this one comes next. */
    at: (offset: number) => offset,
  },
  'newest first': {
    precedes: (one: number, other: number) => one > other,
    at: (offset: number) => offset + 1,
  },
} satisfies Record<Order, unknown>

// A page takes about as much from each partition. What it does not take was decompressed in vain.
const CHUNK_PER_SHARE = 1.5
const [SMALLEST_CHUNK, LARGEST_CHUNK] = [4, 64]
// A filter that skips most records must not block the thread: the caller continues from `next` after other
// work.
export const READS_PER_PAGE = 32

/**
 * Merges the partitions into one sequence: each in the order of its offsets, and all of them roughly in the order of
 * classification, or of its reverse.
 */
export function mergePartitions(
  read: ReadPartition,
  from: readonly number[],
  limit: number,
  order: Order = 'oldest first',
): Page {
  const { precedes, at } = orders[order]
  let reads = 0
  const share = Math.ceil((CHUNK_PER_SHARE * limit) / from.length)
  const chunkSize = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, share), limit)
  const heads = from.map((offset, partition) => ({
    partition,
    next: offset,
    chunk: [] as ServedRecord[],
    at: 0,
    end: false,
  }))
  const records: ServedRecord[] = []

  const fill = (head: (typeof heads)[number]) => {
    while (head.at === head.chunk.length && !head.end && reads < READS_PER_PAGE + heads.length) {
      reads += 1
      const { records: chunk, next, end } = read(head.partition, head.next, chunkSize)
      Object.assign(head, { chunk, next, end, at: 0 })
    }
    return head.chunk[head.at]
  }

  let outOfTurn = false
  let bytes = 0
  while (records.length < limit && bytes < READ_LIMIT_BYTES && !outOfTurn) {
    let first: { head: (typeof heads)[number]; record: ServedRecord } | undefined
    for (const head of heads) {
      const record = fill(head)
      if (record === undefined) outOfTurn ||= !head.end
      else if (!first || precedes(record.classifiedAt, first.record.classifiedAt)) first = { head, record }
    }
    if (!first || outOfTurn) break
    first.head.at += 1
    records.push(first.record)
    bytes += first.record.json.length
  }

  return {
    records,
    next: heads.map((head) => {
      const waiting = head.chunk[head.at]
      return waiting ? at(waiting.offset) : head.next
    }),
    end: heads.every((head) => head.end && head.at === head.chunk.length),
  }
}
