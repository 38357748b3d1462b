import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createTopics } from '../../test/create-topics.ts'

const folder = mkdtempSync(join(tmpdir(), 'recovery-point-'))
const admin = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING }).admin()
const name = `recovery-point-${randomUUID().slice(0, 8)}`
const topics = {
  DATA_TOPIC: `${name}-data`,
  NOTIFICATIONS_TOPIC: `${name}-notifications`,
  LAYOUT_TOPIC: `${name}-layout`,
  PARTITIONS: '3',
}

beforeAll(async () => {
  await admin.connect()
  await createTopics(admin, [{ topic: topics.DATA_TOPIC, numPartitions: 3 }])
})
afterAll(async () => {
  await admin.deleteTopics({ topics: [topics.DATA_TOPIC] })
  await admin.disconnect()
  rmSync(folder, { recursive: true })
})

function compare(at: string, settings: Record<string, string> = {}, ...flags: string[]) {
  const args = [join(import.meta.dirname, 'recovery-point.ts'), '--from', at, '--to', at, ...flags]
  const env = { PATH: process.env['PATH'], ...settings }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  })
  return { status, stdout, stderr, lastLine: stderr.trim().split('\n').at(-1) }
}

test('it ends when Kafka refuses it, with the setting to check', () => {
  const [broker = ''] = inject('kafkaBrokers')
  writeFileSync(join(folder, 'password'), 'secret')
  const settings = {
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'gateway',
    KAFKA_SASL_PASSWORD_FILE: join(folder, 'password'),
  }
  expect(compare(broker, settings)).toMatchObject({
    status: 2,
    lastLine: `Kafka at ${broker} takes no SASL (user "gateway"): check KAFKA_SASL_MECHANISM and KAFKA_BROKERS`,
  })
}, 90_000)

test('it ends when no broker answers', () => {
  expect(compare('127.0.0.1:1').status).toBe(2)
}, 90_000)

test('it says what it assumes when there is no layout', () => {
  const [broker = ''] = inject('kafkaBrokers')
  expect(compare(broker, topics)).toMatchObject({
    status: 0,
    stdout: 'missing: 0\n',
    stderr: `${topics.LAYOUT_TOPIC} does not exist at ${broker}, or may not be read: assuming that customers are spread over PARTITIONS = 3\n`,
  })
}, 90_000)

test('a topic that cannot be seen does not count as completely copied', () => {
  const [broker = ''] = inject('kafkaBrokers')
  const missing = (topic: string) => ({
    status: 2,
    lastLine: `${topic} does not exist at ${broker}, or may not be read`,
  })
  expect(compare(broker, topics, '--all-topics')).toMatchObject(missing(topics.NOTIFICATIONS_TOPIC))
  expect(compare(broker, { ...topics, DATA_TOPIC: `${name}-none` })).toMatchObject(missing(`${name}-none`))
}, 90_000)
