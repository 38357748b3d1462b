import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { header } from '../../backbone/records/headers.ts'

export interface Audit {
  /** Records with a value; claims have none. */
  records: number
  /** Distinct event ids: the header of a checkout, the key of an outcome. */
  events: number
}

// Nothing writes to the topic any more. kafkajs does not report transaction markers, with which a partition
// may end, so silence marks the end.
const SILENCE_MS = 2_000

/** Reads all committed records of a topic: their number, and the number of events. */
export async function auditTopic(kafka: Kafka, topic: string): Promise<Audit> {
  const events = new Set<string>()
  let records = 0
  let heardAt = performance.now()
  const consumer = kafka.consumer({ groupId: `audit-${randomUUID()}`, maxBytesPerPartition: 4_194_304 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const { key, value, headers } of batch.messages) {
        if (value === null) continue
        events.add(String(headers?.[header.eventId] ?? key))
        records++
      }
      heardAt = performance.now()
      return Promise.resolve()
    },
  })
  while (performance.now() - heardAt < SILENCE_MS) await sleep(100)
  await consumer.disconnect()
  return { records, events: events.size }
}
