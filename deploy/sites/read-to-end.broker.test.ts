import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createTopics } from '../../test/create-topics.ts'
import { shortKafkaTool } from '../../test/kafka-tool.ts'
import { readToEnd } from './read-to-end.ts'

const brokers = inject('kafkaBrokers')
const topic = `read-to-end-${randomUUID().slice(0, 8)}`
const folder = mkdtempSync(join(tmpdir(), 'read-to-end-'))
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const admin = kafka.admin()
// Several batches, so that some are not fetched yet when the first one is read.
const RECORDS = 8
const RECORD = 'x'.repeat(900_000)
const settings = { KAFKA_BROKERS: brokers, KAFKA_TLS: false, KAFKA_SASL_PLAIN_WITHOUT_TLS: false }

beforeAll(async () => {
  await admin.connect()
  await createTopics(admin, [{ topic, numPartitions: 2 }])
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  for (let sent = 0; sent < RECORDS; sent++)
    await producer.send({ topic, messages: [{ partition: 0, value: RECORD }] })
  await producer.send({ topic, messages: [{ partition: 1, value: 'kept' }] })
  await producer.disconnect()
})
afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
  rmSync(folder, { recursive: true })
})

/** As retention does, at the latest moment: the reader goes on only afterwards. */
function removeRecords() {
  const file = join(folder, 'offsets.json')
  writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: -1 }] }))
  const [command, ...args] = shortKafkaTool('org.apache.kafka.tools.DeleteRecordsCommand')
  execFileSync(command, [...args, '--bootstrap-server', brokers.join(','), '--offset-json-file', file])
}

test('ends where the topic ended, although retention has removed the last records meanwhile', async () => {
  const read: string[] = []
  let removed = false
  const partitions = await readToEnd({
    settings,
    topic,
    since: undefined,
    take(partition, { offset }) {
      read.push(`${partition}/${offset}`)
      if (partition !== 0 || removed) return
      removed = true
      removeRecords()
    },
    log: pino({ level: 'silent' }),
  })
  expect(partitions).toBe(2)
  expect(read).toContain('1/0')
  expect(read).toContain('0/0')
  expect(read).not.toContain(`0/${RECORDS - 1}`)
}, 120_000)

test('a topic that does not exist is not created', async () => {
  const missing = `${topic}-missing`
  const reading = { settings, since: undefined, take: () => undefined, log: pino({ level: 'silent' }) }
  expect(await readToEnd({ ...reading, topic: missing })).toBe(0)
  expect(await admin.listTopics()).not.toContain(missing)
})
