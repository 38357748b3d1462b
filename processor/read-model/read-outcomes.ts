import { setImmediate } from 'node:timers/promises'
import type { createEventFilter } from './bloom-filter.ts'
import type { FollowedPartitions } from './followed-partitions.ts'
import type { IndexEntry } from './index-reader.ts'
import { mergePartitions, READS_PER_PAGE } from './merge-partitions.ts'
import type { LogChanges, OutcomeStore } from './outcome-store.ts'
import type { createFileReader } from './reader.ts'
import { type OutcomeFilter, offsetOf, partitionOf } from './record.ts'
import type { createFileWriterThread } from './writer-client.ts'

interface ReadOptions {
  partitions: FollowedPartitions
  events: Pick<ReturnType<typeof createEventFilter>, 'add' | 'complete' | 'mayHave'>
  reader: Pick<ReturnType<typeof createFileReader>, 'events' | 'find' | 'read'>
  writer: Pick<ReturnType<typeof createFileWriterThread>, 'find' | 'forgetting'>
  /** Reads the file; reports what fails, and throws it. */
  inFile: <Result>(read: () => Result) => Result
}

const EVENTS_PER_READ = 10_000
// One row in a million may match a filter without an index. A page may read from each partition.
const ROWS_PER_PAGE = 20_000
const [SMALLEST_WINDOW, LARGEST_WINDOW] = [32, 512]

/** The read side: newest outcomes from memory, others from the file. */
export function createOutcomeReads({
  partitions,
  events,
  reader,
  writer,
  inFile,
}: ReadOptions): Pick<OutcomeStore, 'after' | 'before' | 'find'> & Pick<LogChanges, 'at'> {
  const window = () =>
    Math.max(
      SMALLEST_WINDOW,
      Math.min(LARGEST_WINDOW, Math.floor(ROWS_PER_PAGE / (READS_PER_PAGE + partitions.count()))),
    )
  // inFile has already reported the error.
  addEventsOfFile(events, (after) => inFile(() => reader.events(after, EVENTS_PER_READ))).catch(
    () => undefined,
  )

  /** Records removed by retention stay in the file until the next write of the partition. */
  const isKept = (partition: number, offset: number) => offset >= partitions.state(partition).first

  /** The records of a partition: those from `tailStart` on are in memory, others in the file. */
  function boundsOf(partition: number) {
    const { next: end, first } = partitions.state(partition)
    const tail = partitions.tail(partition)
    // Until the previous log is removed from the file, all records of the recreated log are in memory.
    const tailStart = writer.forgetting(partition) ? 0 : (tail.firstOffset() ?? end)
    return { first, end, tail, tailStart }
  }

  function readPartition(partition: number, from: number, limit: number, filter: OutcomeFilter) {
    if (partition >= partitions.count()) return { records: [], next: from, end: true }
    const { first, end, tail, tailStart } = boundsOf(partition)
    const start = Math.max(from, first)
    if (start >= end) return { records: [], next: from, end: true }
    const read =
      start >= tailStart
        ? tail.read(start, end, filter, limit)
        : inFile(() => reader.read(partition, start, tailStart, filter, limit, 'oldest first', window()))
    return { ...read, end: read.next >= end }
  }

  function readBefore(partition: number, before: number, limit: number, filter: OutcomeFilter) {
    if (partition >= partitions.count()) return { records: [], next: before, end: true }
    const { first, end: newest, tail, tailStart } = boundsOf(partition)
    const end = Math.min(before, newest)
    if (end <= first) return { records: [], next: before, end: true }
    const start = Math.max(first, tailStart)
    const read =
      end > start
        ? tail.readBefore(end, start, filter, limit)
        : inFile(() => reader.read(partition, first, end, filter, limit, 'newest first', window()))
    return { ...read, end: read.next <= first }
  }

  return {
    find(eventId) {
      const unwritten = writer.find(eventId)
      if (unwritten && isKept(unwritten.partition, unwritten.offset)) return unwritten
      if (!events.mayHave(eventId)) return undefined
      return inFile(() =>
        reader.find(
          eventId,
          (partition, offset) => isKept(partition, offset) && !writer.forgetting(partition),
        ),
      )
    },

    at(partition, offset) {
      const [record] = readPartition(partition, offset, 1, { kinds: 'all' }).records
      return record?.offset === offset ? record : undefined
    },

    before: (offsets, filter, limit) =>
      mergePartitions(
        (partition, before, size) => readBefore(partition, before, size, filter),
        offsets,
        limit,
        'newest first',
      ),

    after: (offsets, filter, limit) =>
      mergePartitions(
        (partition, from, size) => readPartition(partition, from, size, filter),
        offsets,
        limit,
      ),
  }
}

/** In small steps: millions of events at once would block everything else. */
async function addEventsOfFile(
  events: Pick<ReadOptions['events'], 'add' | 'complete'>,
  readAfter: (place: IndexEntry) => IndexEntry[],
): Promise<void> {
  let last: IndexEntry | undefined = { hash: -1, position: -1 }
  while (last) {
    const places: IndexEntry[] = readAfter(last)
    for (const { hash, position } of places) events.add(hash, partitionOf(position), offsetOf(position))
    last = places.length < EVENTS_PER_READ ? undefined : places.at(-1)
    await setImmediate()
  }
  events.complete()
}
