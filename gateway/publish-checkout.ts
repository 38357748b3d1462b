import type { Producer } from 'kafkajs'
import type { Logger } from 'pino'
import { ProblemError } from '../backbone/problem.ts'
import { within } from '../backbone/within.ts'
import { baseOffsets } from './base-offsets.ts'
import { keepProducer } from './keep-producer.ts'
import type { GatewayMetrics } from './metrics.ts'
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

interface PublisherOptions {
  /** Idempotent and acknowledged by all: see DESIGN.md, The gateway's publisher. */
  createProducer: () => RecordProducer
  topic: string
  maxWaiting: number
  maxWaitingBytes: number
  timeoutMs: number
  metrics: Pick<GatewayMetrics, 'published'>
  log: Logger
}

/** In one request to Kafka. */
export const MOST_RECORDS = 1_000
// Kafka takes batches of 1 MiB (message.max.bytes). All partitions' batches of a request together stay below it.
const MOST_BYTES = 900 * 1024
// Around a record: lengths, deltas, header names; generously.
const RECORD_OVERHEAD_BYTES = 256

/**
 * Stores records in Kafka with one request in flight, and all that is waiting in the next. A producer whose send failed
 * or took too long is never used again: what it had in hand may be stored or not, and is answered as not confirmed.
 */
export function createPublisher(options: PublisherOptions) {
  const { createProducer, topic, maxWaiting, maxWaitingBytes, timeoutMs, metrics, log } = options
  const queue = createPublishQueue<CheckoutRecord, Stored>({
    maxRecords: maxWaiting,
    maxBytes: maxWaitingBytes,
    timeoutMs,
  })
  const producers = keepProducer(createProducer, log)
  let sending = false

  async function sendWhatWaits(): Promise<void> {
    sending = true
    while (!queue.isEmpty()) {
      const producer = await producers.get()
      if (producer === undefined) break
      const batch = queue.take(MOST_RECORDS, MOST_BYTES)
      if (batch.length > 0) await send(producer, batch)
    }
    sending = false
  }

  async function send(producer: RecordProducer, batch: Waiting<CheckoutRecord, Stored>[]): Promise<void> {
    const messages = batch.map(({ item: { partition, key, value, headers } }) => ({
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
      metrics.published(batch.length, performance.now() - began)
      for (const { item, settle } of batch) {
        const offset = nextOffset.get(item.partition) ?? Number.NaN
        nextOffset.set(item.partition, offset + 1)
        settle({ partition: item.partition, offset })
      }
    } catch (error) {
      log.warn({ error: String(error), records: batch.length }, 'publishing failed')
      producers.discard(producer, response)
      for (const { settle } of batch) settle(new ProblemError('kafka-unavailable'))
    }
  }

  return {
    /** Resolves when the record is in Kafka. Rejects with the problem to answer with. */
    publish: async (record: CheckoutRecord): Promise<Stored> => {
      const { lane, since, gone, value } = record
      const bytes = Buffer.byteLength(value) + RECORD_OVERHEAD_BYTES
      const stored = queue.add(record, { lane, since, gone, bytes })
      if (!sending) void sendWhatWaits()
      return stored
    },
    /** Throws `overloaded` when a buyer who has been trying since then would find no room. */
    checkRoom: (since: number) => queue.checkRoom(since),
    /** Whether a checkout that came now could expect to be stored in time. */
    healthy: () => producers.isConnected() && queue.longestWaitMs() < timeoutMs / 2,
    /** Ends when whatever was waiting has been answered; takes nothing more. */
    close: async (): Promise<void> => {
      await queue.settled()
      await producers.close()
    },
  }
}
