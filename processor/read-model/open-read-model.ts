import { createOutcomeAppends } from './append-outcomes.ts'
import { createOutcomeWaits } from './await-outcomes.ts'
import { createEventFilter } from './bloom-filter.ts'
import { createClaims } from './claims.ts'
import { createFollowedPartitions } from './followed-partitions.ts'
import type { OutcomeBatch, ReadModel } from './outcome-store.ts'
import { createOutcomeReads } from './read-outcomes.ts'
import { createFileReader } from './reader.ts'
import type { PartitionState } from './record.ts'
import { prepareReadModelFile } from './schema.ts'
import { createWaiters } from './waiters.ts'
import { createFileWriterThread } from './writer-client.ts'

interface ReadModelOptions {
  path: string
  partitions: number
  /**
   * The newest records of each partition that stay in memory although they are in the file, unless they are
   * large.
   */
  keepInMemory?: number
  /** Called with each batch before it is readable. */
  onAppend?: (partition: number, batch: OutcomeBatch) => void
  /** The file is damaged or cannot be written. */
  onFailure: (error: unknown) => void
}

// For all partitions together: with usual outcomes the number of records is reached first.
const KEEP_BYTES = 32 * 1024 * 1024

/**
 * This member's copy of Notifications. Its file is a cache that can be deleted at any time. It is written in
 * large transactions by another thread, after the records are readable.
 */
export function openReadModel({
  path,
  partitions: count,
  keepInMemory = 1_000,
  onAppend = () => undefined,
  onFailure,
}: ReadModelOptions): ReadModel {
  const { reader, states, claimed } = prepareReadModelFile(path, (database) => {
    const opened = createFileReader(database)
    return { reader: opened, states: opened.partitions(), claimed: opened.claims() }
  })
  const partitions = createFollowedPartitions(count, states)
  const claims = createClaims(claimed)
  const kept = () => ({ records: keepInMemory, bytes: KEEP_BYTES / partitions.count() })
  const waiters = createWaiters()
  const writer = createFileWriterThread(path, { onWritten, onFailure })
  const events = createEventFilter()
  let closed = false

  /** A damaged page is found only when it is read, and would be found again with each read. */
  function inFile<Result>(read: () => Result): Result {
    try {
      return read()
    } catch (error) {
      if (!closed) onFailure(error)
      throw error
    }
  }

  function onWritten(written: ReadonlyMap<number, PartitionState>) {
    inFile(() => reader.refresh())
    for (const [partition, { next, log }] of written) {
      if (log === partitions.state(partition).log) partitions.tail(partition).drop(next, kept())
    }
  }

  const reads = createOutcomeReads({ partitions, events, reader, writer, inFile })
  return {
    ...createOutcomeAppends({ partitions, claims, events, writer, waiters, onAppend }),
    ...reads,
    ...createOutcomeWaits({ partitions, find: reads.find, writer, waiters }),
    partition: (partition) => partitions.state(partition),
    partitions: () => partitions.states,
    ownerAt: claims.ownerAt,
    grow: (more) => partitions.grow(more),

    async close() {
      await writer.close()
      closed = true
      reader.close()
    },
  }
}
