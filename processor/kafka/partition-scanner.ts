import type { Logger } from 'pino'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { BatchRange, PartitionConsumer, RecordBatch } from './partition-consumer.ts'
import { readTopic, type TopicReader } from './read-topic.ts'

/** One partition is read from an offset on. */
export interface Scan {
  partition: number
  from: number
  /** Records at or after `from` in their order, perhaps none; `next` is the offset after them. False ends the scan. */
  onRecords: (records: StoredRecord[], next: number) => boolean
}

interface ScannerOptions {
  kafka: KafkaClient
  topic: string
  /** How many the topic has now. */
  partitions: () => number
  /** Names groups of this process alone: see read-topic.ts. */
  groupPrefix: string
  refusals: ClientRefusals
  log: Logger
  /** It stays connected for so long after the last scan, because joining a group takes seconds. */
  keepForMs?: number
}

interface ActiveScan extends Scan {
  end: () => void
}

/** Reads parts of a topic on demand, one scan at a time. Nothing is connected before the first one. */
export function createPartitionScanner({ keepForMs = 60_000, groupPrefix, ...options }: ScannerOptions) {
  const groups: string[] = []
  let reader: TopicReader | undefined
  let joined: PartitionConsumer | undefined
  let active: ActiveScan | undefined
  let idle: ReturnType<typeof setTimeout> | undefined
  let readers = 0

  function onJoin(consumer: PartitionConsumer, assigned: number[]) {
    joined = consumer
    for (const partition of assigned) {
      if (active?.partition !== partition) consumer.pause(partition)
      else {
        consumer.seek(partition, active.from)
        consumer.resume(partition)
      }
    }
  }

  function advance({ partition, lastOffset }: BatchRange, records: StoredRecord[]) {
    if (active?.partition !== partition) return
    const { from, end, onRecords } = active
    const next = Math.max(from, lastOffset + 1)
    active.from = next
    const added = records.filter(({ offset }) => Number(offset) >= from)
    if (!onRecords(added, next)) end()
  }

  function onBatch(batch: RecordBatch): Promise<void> {
    if (batch.isStale()) return Promise.resolve()
    advance(batch, batch.records)
    batch.resolve(batch.lastOffset)
    return batch.heartbeat()
  }

  function connect(): TopicReader {
    const created: TopicReader = readTopic({
      ...options,
      partitions: options.partitions(),
      groupPrefix: `${groupPrefix}-${readers++}`,
      begin: Promise.resolve(),
      onJoin(consumer, assigned) {
        if (reader === created) onJoin(consumer, assigned)
      },
      // The one before may still be leaving its group.
      onBatch: (_, batch) => (reader === created ? onBatch(batch) : Promise.resolve()),
      onEmptyBatch(range) {
        if (reader === created) advance(range, [])
      },
      onEnd() {
        if (reader === created) joined = undefined
      },
    })
    return created
  }

  async function stop(): Promise<void> {
    clearTimeout(idle)
    const stopped = reader
    reader = undefined
    joined = undefined
    if (!stopped) return
    await stopped.stop()
    groups.push(...stopped.groups())
  }

  return {
    /** Resolves when the scan ends itself, or when `signal` aborts. The previous scan must have ended. */
    async scan(scan: Scan, signal: AbortSignal): Promise<void> {
      if (signal.aborted) return
      const ended = Promise.withResolvers<void>()
      const current: ActiveScan = { ...scan, end: ended.resolve }
      signal.addEventListener('abort', current.end, { once: true })
      active = current
      clearTimeout(idle)
      reader ??= connect()
      const consumer = () => (joined !== undefined && joined === reader?.current() ? joined : undefined)
      consumer()?.seek(scan.partition, scan.from)
      consumer()?.resume(scan.partition)
      await ended.promise
      active = undefined
      signal.removeEventListener('abort', current.end)
      consumer()?.pause(scan.partition)
      if (reader) idle = setTimeout(() => void stop(), keepForMs)
    },
    stop,
    /** Groups that it has joined and left; of no more use. */
    groups: (): readonly string[] => groups,
  }
}

export type PartitionScanner = ReturnType<typeof createPartitionScanner>
