import type { Producer } from 'kafkajs'
import type { Logger } from 'pino'
import { recordBytes } from '../../backbone/kafka/record-bytes.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { within } from '../../backbone/process/with-timeout.ts'
import { baseOffsets } from './base-offsets.ts'
import { createBatchLimit, type PublishRequest } from './batch-limit.ts'
import { type KeepProducerOptions, keepProducer } from './producer-lifecycle.ts'
import { type Arrival, createPublishQueue, type Waiting } from './publish-queue.ts'

/** A record of DataTopic, to be written to the partition that was chosen for it. */
export interface CheckoutRecord extends Omit<Arrival, 'bytes'> {
  partition: number
  key: string
  value: string
  headers: Record<string, string>
}

export interface Stored {
  partition: number
  offset: number
}

type RecordProducer = Pick<Producer, 'connect' | 'send' | 'disconnect'>

export interface PublishMetrics {
  /** Kafka has answered one request. */
  published: (records: number, milliseconds: number) => void
}

interface PublisherOptions extends KeepProducerOptions<RecordProducer> {
  topic: string
  maxWaiting: number
  maxWaitingBytes: number
  timeoutMs: number
  metrics: PublishMetrics
  log: Logger
}

/** In one request to Kafka. */
export const MOST_RECORDS = 1_000
// Kafka takes batches of 1 MiB by default. All partitions' batches of a request together stay below it.
const MOST_BYTES = 900 * 1024
const FAILURE_COUNTS_MS = 10_000
const TOO_LARGE = new Set<unknown>(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/**
 * Stores records in Kafka with one request in flight, and all that is waiting in the next. A producer whose send failed
 * or took too long is never used again: what it had in hand may be stored or not, and is answered as not confirmed. A
 * request of one batch that Kafka finds too large is not stored for certain: it is divided and sent again.
 *
 * `createProducer` makes a producer that is idempotent and acknowledged by all: see DESIGN.md, The gateway's publisher.
 */
export function createPublisher(options: PublisherOptions) {
  const { topic, maxWaiting, maxWaitingBytes, timeoutMs, metrics, log } = options
  const queue = createPublishQueue<CheckoutRecord, Stored>({
    maxRecords: maxWaiting,
    maxBytes: maxWaitingBytes,
    timeoutMs,
  })
  const producers = keepProducer(options)
  const limit = createBatchLimit<Entry>()
  let sending = false
  let failure: { text: string; at: number } | undefined

  async function sendWhatWaits(): Promise<void> {
    sending = true
    let taken: Entry[] = []
    while (taken.length > 0 || !queue.isEmpty()) {
      const producer = await producers.get()
      if (producer === undefined) break
      if (taken.length === 0) taken = queue.take(MOST_RECORDS, MOST_BYTES)
      if (taken.length > 0) taken = await send(producer, limit.next(taken), taken)
    }
    sending = false
  }

  /** Resolves with what is left of all that was taken. */
  async function send(
    producer: RecordProducer,
    request: PublishRequest<Entry>,
    taken: Entry[],
  ): Promise<Entry[]> {
    const { entries } = request
    const messages = entries.map(({ item: { partition, key, value, headers } }) => ({
      partition,
      key,
      value,
      headers,
    }))
    const began = performance.now()
    const response = producer.send({ topic, acks: -1, timeout: timeoutMs, messages })
    try {
      const sent = new Set(messages.map(({ partition }) => partition))
      const nextOffset = new Map(baseOffsets(sent, await within(timeoutMs, response)))
      metrics.published(entries.length, performance.now() - began)
      limit.take(request)
      failure = undefined
      for (const { item, settle } of entries) {
        const offset = nextOffset.get(item.partition) ?? Number.NaN
        nextOffset.set(item.partition, offset + 1)
        settle({ partition: item.partition, offset })
      }
    } catch (error) {
      const tooLarge = isTooLarge(error)
      if (tooLarge) limit.refuse(request)
      // A batch is stored as a whole or not at all, and kafkajs takes its sequence back: the producer is as good as before.
      if (tooLarge && request.batches === 1) {
        log.warn(
          { records: entries.length, bytes: request.bytes },
          `${topic} takes no batch as large as this`,
        )
        if (entries.length > 1) return taken
        for (const { settle } of entries) settle(recordTooLarge(request.bytes))
      } else {
        log.warn({ error: String(error), records: entries.length }, 'publishing failed')
        failure = { text: String(error), at: performance.now() }
        producers.discard(producer, response, error)
        for (const { settle } of entries) settle(new ProblemError('kafka-unavailable'))
      }
    }
    if (entries.length === taken.length) return []
    const done = new Set(entries)
    return taken.filter((entry) => !done.has(entry))
  }

  const recordTooLarge = (bytes: number) =>
    new ProblemError('record-too-large', {
      detail: `As a record it has ${bytes} bytes, more than max.message.bytes of the topic ${topic} allows`,
    })

  return {
    /** Resolves when the record is in Kafka. Rejects with the problem to answer with. */
    publish: async (record: CheckoutRecord): Promise<Stored> => {
      const { lane, since, gone } = record
      const stored = queue.add(record, { lane, since, gone, bytes: recordBytes(record) })
      if (!sending) void sendWhatWaits()
      return stored
    },
    /** Throws `overloaded` when a buyer who has been trying since then would find no room. */
    checkRoom: (since: number) => queue.checkRoom(since),
    /** Why a checkout that came now could not expect to be stored in time, or undefined when it could. */
    fault(): string | undefined {
      if (!producers.isConnected())
        return failure ? `publishing failed: ${failure.text}` : 'Kafka does not answer'
      // Without traffic nothing else would show that it is over.
      if (failure && performance.now() - failure.at < FAILURE_COUNTS_MS)
        return `publishing failed: ${failure.text}`
      return queue.longestWaitMs() < timeoutMs / 2 ? undefined : 'Kafka does not answer in time'
    },
    /** Ends when whatever was waiting has been answered; takes nothing more. */
    close: async (): Promise<void> => {
      await queue.settled()
      await producers.close()
    },
  }
}

type Entry = Waiting<CheckoutRecord, Stored>

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && TOO_LARGE.has(error.type)
