import { READ_LIMIT_BYTES } from './byte-limit.ts'
import type { ServedRecord } from './record.ts'

/**
 * Reads records of one partition from an offset on; `next` is the offset to continue from, `end` means that
 * there are no more now.
 */
export type ReadPartition = (
  partition: number,
  from: number,
  limit: number,
) => { records: ServedRecord[]; next: number; end: boolean }

export interface Page {
  records: ServedRecord[]
  /** By partition: the offset to continue from, after these records and those that the filter skipped. */
  next: number[]
  /** All existing records have been read. */
  end: boolean
}

const CHUNK = 64
// A filter that skips most records must not block the thread: the caller continues from `next` after other
// work.
const READS_PER_PAGE = 32

/**
 * Merges the partitions into one sequence: each in offset order, and all of them roughly in the order of
 * classification.
 */
export function mergePartitions(read: ReadPartition, from: readonly number[], limit: number): Page {
  let reads = 0
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
      const { records: chunk, next, end } = read(head.partition, head.next, Math.min(CHUNK, limit))
      Object.assign(head, { chunk, next, end, at: 0 })
    }
    return head.chunk[head.at]
  }

  let outOfTurn = false
  let bytes = 0
  while (records.length < limit && bytes < READ_LIMIT_BYTES && !outOfTurn) {
    let oldest: { head: (typeof heads)[number]; record: ServedRecord } | undefined
    for (const head of heads) {
      const record = fill(head)
      if (record === undefined) outOfTurn ||= !head.end
      else if (!oldest || record.classifiedAt < oldest.record.classifiedAt) oldest = { head, record }
    }
    if (!oldest || outOfTurn) break
    oldest.head.at += 1
    records.push(oldest.record)
    bytes += oldest.record.json.length
  }

  return {
    records,
    next: heads.map((head) => head.chunk[head.at]?.offset ?? head.next),
    end: heads.every((head) => head.end && head.at === head.chunk.length),
  }
}
