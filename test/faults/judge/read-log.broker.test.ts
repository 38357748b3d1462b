import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { LoggedRecord } from './logged-record.ts'
import { readLog } from './read-log.ts'

const topic = `read-log-${randomUUID()}`
const brokers = inject('kafkaBrokers')
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const admin = kafka.admin()

async function inTransaction(values: (string | null)[], end: 'commit' | 'abort' | 'leave open') {
  const producer = kafka.producer({
    transactionalId: `${topic}-writer`,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const transaction = await producer.transaction()
  const messages = values.map((value) => ({ partition: 1, key: 'k', value, headers: { reason: 'a, b: c' } }))
  await transaction.send({ topic, messages })
  if (end === 'commit') await transaction.commit()
  if (end === 'abort') await transaction.abort()
  await producer.disconnect()
}

async function read(patienceMs: number[]) {
  const records: LoggedRecord[] = []
  await readLog({ brokers, topic, onRecord: (record) => records.push(record), patienceMs })
  return records
}

beforeAll(async () => {
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic, numPartitions: 3, replicationFactor: 1 }],
  })
  await inTransaction(['one', null], 'commit')
  await inTransaction(['aborted'], 'abort')
  await inTransaction(['tab\tand\nline, ñ'], 'commit')
  await inTransaction(['aborted'], 'abort')
})

afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
})

test('committed records are read, in order, with all that they have, past aborted ones at the end', {
  timeout: 60_000,
}, async () => {
  const records = await read([4_000, 15_000])
  expect(records.map(({ partition, offset, key, value }) => ({ partition, offset, key, value }))).toEqual([
    { partition: 1, offset: 0, key: 'k', value: 'one' },
    { partition: 1, offset: 1, key: 'k', value: 'null' },
    { partition: 1, offset: 5, key: 'k', value: 'tab\tand\nline, ñ' },
  ])
  expect(records[0]?.headers).toEqual(new Map([['reason', 'a, b: c']]))
  expect(records[0]?.timestamp).toBeGreaterThan(Date.UTC(2020, 0))
})

test('a topic that cannot be read to its end rejects, with the position', {
  timeout: 60_000,
}, async () => {
  await inTransaction(['undecided'], 'leave open')
  await expect(read([4_000])).rejects.toThrow(/not read to its end: partition 1 up to 9 of 10/)
})

test('a topic that does not exist rejects', async () => {
  await expect(readLog({ brokers, topic: `${topic}-none`, onRecord: () => undefined })).rejects.toThrow(
    /no such topic|-none/,
  )
})
