import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumerHandlers, PartitionConsumer } from '../../processor/kafka/partition-consumer.ts'
import type { FetchedBatch } from './fetch-partition.ts'

interface ReaderOptions extends Pick<ConsumerHandlers, 'onBatch' | 'onEmptyBatch'> {
  partition: number
  consumer: PartitionConsumer
  /** Undefined when the offset is out of range. */
  fetch: (partition: number, offset: number) => Promise<FetchedBatch | undefined>
}

const RETRY_MS = 200
const PAUSED_CHECK_MS = 50

/** Fetches one partition, batch after batch, from the offset of the last seek. */
export function createPartitionReader({ partition, consumer, fetch, onBatch, onEmptyBatch }: ReaderOptions) {
  const stopping = new AbortController()
  let position = { offset: 0 }
  let paused = false

  async function fetchOnce(): Promise<void> {
    const begin = position
    const isStale = () => position !== begin || stopping.signal.aborted
    const batch = await fetch(partition, begin.offset)
    if (isStale() || paused) return
    if (!batch) {
      begin.offset = 0
      return
    }
    const { records, lastOffset } = batch
    if (records.length > 0) {
      await onBatch(consumer, {
        ...batch,
        isRunning: () => !stopping.signal.aborted,
        isStale,
        // Only markers and aborted records follow the last record; they are done, too.
        resolve: (offset) => {
          begin.offset = (offset >= Number(records.at(-1)?.offset) ? lastOffset : offset) + 1
        },
        // The library sends heartbeats by itself.
        heartbeat: () => Promise.resolve(),
      })
    } else if (lastOffset >= begin.offset) {
      onEmptyBatch?.({ partition, firstOffset: batch.firstOffset, lastOffset })
      begin.offset = lastOffset + 1
    }
  }

  return {
    pause: (): void => {
      paused = true
    },
    resume: (): void => {
      paused = false
    },
    seek: (offset: number): void => {
      position = { offset }
    },
    /** The reader ends after the current batch. */
    stop: (): void => stopping.abort(),

    async run(): Promise<void> {
      while (!stopping.signal.aborted) {
        if (paused) await sleep(PAUSED_CHECK_MS)
        else await fetchOnce().catch(() => sleep(RETRY_MS))
      }
    },
  }
}

export type PartitionReader = ReturnType<typeof createPartitionReader>
