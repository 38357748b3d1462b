import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { z } from 'zod'
import { header } from '../../backbone/records/headers.ts'
import type { Value } from './awkward-cases.ts'
import type { EventRecord } from './make-events.ts'

/** A record in DataTopic. */
export interface Written {
  case: string
  value: Value
  via: 'direct' | 'gateway'
}

/** By partition and offset, as in {@link position}. */
export type WrittenRecords = Map<string, Written>

export const position = (source: { partition: number; offset: number }): string =>
  `${source.partition}/${source.offset}`

const RECORDS_A_SEND = 2_000
const RECORDS_A_BATCH = 200
const RETRY_MS = 500
const RETRIES = 60

/** Writes them as other programs do, straight to Kafka. */
export async function writeDirectly(
  kafka: Kafka,
  topic: string,
  events: readonly EventRecord[],
  written: WrittenRecords,
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const partitions = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length ?? 0
  await admin.disconnect()
  const producer = kafka.producer()
  await producer.connect()
  for (let from = 0; from < events.length; from += RECORDS_A_SEND) {
    const some = events.slice(from, from + RECORDS_A_SEND)
    const messages = some.map(({ value, event, eventId }) => ({
      partition: event % partitions,
      value: value === '' ? Buffer.alloc(0) : value,
      ...(eventId === undefined ? {} : { headers: { [header.eventId]: eventId } }),
    }))
    const sent = await producer.send({ topic, acks: -1, messages })
    const next = new Map(sent.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]))
    for (const { case: name, value, event } of some) {
      const partition = event % partitions
      const offset = next.get(partition) ?? Number.NaN
      next.set(partition, offset + 1)
      written.set(position({ partition, offset }), { case: name, value, via: 'direct' })
    }
  }
  await producer.disconnect()
}

const answerSchema = z.object({
  results: z.array(
    z.object({
      status: z.number(),
      accepted: z.object({ partition: z.number(), offset: z.number() }).optional(),
    }),
  ),
})

/** Sends them to the gateway, in batches; returns how many of each case it refused. */
export async function writeThroughGateway(
  url: string,
  events: readonly EventRecord[],
  written: WrittenRecords,
): Promise<Map<string, number>> {
  const refused = new Map<string, number>()
  const sendable = events.filter(({ value }) => typeof value === 'string' && value !== '')
  for (let from = 0; from < sendable.length; from += RECORDS_A_BATCH) {
    const some = sendable.slice(from, from + RECORDS_A_BATCH)
    const results = await sendBatch(url, some.map(({ value }) => String(value)).join('\n'))
    for (const [index, { status, accepted }] of results.entries()) {
      const { case: name, value } = some[index] as EventRecord
      if (accepted) written.set(position(accepted), { case: name, value, via: 'gateway' })
      else if (status < 500) refused.set(name, (refused.get(name) ?? 0) + 1)
    }
  }
  return refused
}

/** Repeats the batch until no record has an answer of overload: a repetition stores nothing twice. */
async function sendBatch(url: string, body: string) {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(`${url}/checkout/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    })
    const answer = answerSchema.safeParse(await response.json())
    const results = answer.data?.results ?? []
    if (results.length > 0 && results.every(({ status }) => status < 500)) return results
    if (attempt === RETRIES) throw new Error(`the gateway refused a batch with ${response.status}`)
    await sleep(RETRY_MS)
  }
}
