import type { Logger } from 'pino'
import { ProblemError } from '../../backbone/problem.ts'
import { within } from '../../backbone/process/with-timeout.ts'
import { createBatchLimit } from './batch-limit.ts'
import type { PlacedRecord, Stored } from './checkout-record.ts'
import type { LayoutLease } from './layout-lease.ts'
import type { Waiting } from './publish-queue.ts'
import { BatchTooLargeError, type RecordProducer } from './record-producer.ts'

export interface PublishMetrics {
  /** Kafka has answered one request. */
  published: (records: number, milliseconds: number) => void
}

export type Entry = Waiting<PlacedRecord, Stored>

interface SenderOptions {
  topic: string
  timeoutMs: number
  lease: Pick<LayoutLease, 'isKept'>
  metrics: PublishMetrics
  /** The producer may never be used again: the outcome of its last send is unknown. */
  discard: (producer: RecordProducer, error: unknown) => void
  log: Logger
}

/** Sends requests to Kafka and settles their entries. */
export function createRequestSender({ topic, timeoutMs, lease, metrics, discard, log }: SenderOptions) {
  const limit = createBatchLimit<Entry>()
  let failure: { text: string; at: number } | undefined

  /** Nothing of the one batch was stored. */
  function refuse(entries: Entry[], bytes: number) {
    log.warn({ records: entries.length, bytes }, `${topic} takes no batch as large as this`)
    if (entries.length > 1) return
    const detail = `As a record it has ${bytes} bytes, more than max.message.bytes of the topic ${topic} allows`
    for (const { settle } of entries) settle(new ProblemError('record-too-large', { detail }))
  }

  return {
    /** Why the last request failed, if it did, and when, by `performance.now()`. */
    failure: () => failure,

    /** Sends as many entries as one request holds, under the layout of this version. Resolves with the rest. */
    async send(producer: RecordProducer, taken: Entry[], version: number): Promise<Entry[]> {
      const request = limit.next(taken)
      const { entries } = request
      const began = performance.now()
      try {
        const sent = producer.send(entries.map(({ item }) => item))
        const nextOffset = new Map(await within(timeoutMs, sent))
        metrics.published(entries.length, performance.now() - began)
        limit.take(request)
        failure = undefined
        // Otherwise its owner may have switched to another layout before it was stored.
        const isKept = await lease.isKept(version)
        for (const { item, settle } of entries) {
          const offset = nextOffset.get(item.partition) ?? Number.NaN
          nextOffset.set(item.partition, offset + 1)
          settle(isKept ? { partition: item.partition, offset } : new ProblemError('kafka-unavailable'))
        }
      } catch (error) {
        const tooLarge = error instanceof BatchTooLargeError
        if (tooLarge) limit.refuse(request)
        if (tooLarge && request.batches === 1) {
          refuse(entries, request.bytes)
          if (entries.length > 1) return taken
        } else {
          log.warn({ error: String(error), records: entries.length }, 'publishing failed')
          failure = { text: String(error), at: performance.now() }
          discard(producer, error)
          for (const { settle } of entries) settle(new ProblemError('kafka-unavailable'))
        }
      }
      if (entries.length === taken.length) return []
      const done = new Set(entries)
      return taken.filter((entry) => !done.has(entry))
    },
  }
}
