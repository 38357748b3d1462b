import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { startKafka } from '../../../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../../../deploy/watchdog.ts'
import { readTopic } from '../../../read-topic.ts'
import { brokerClock } from './clock-agent.ts'

const HOUR_MS = 3_600_000

test('the clock of a broker is off by the given time, until it is started without the agent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clock agent-'))
  const watchdog = startWatchdog(folder)
  onTestFinished(async () => {
    await watchdog.drain()
    rmSync(folder, { recursive: true, force: true })
  })
  const properties = () => ({ 'log.message.timestamp.type': 'LogAppendTime' })
  const [{ bootstrap, brokers }, clock] = await Promise.all([
    startKafka({ dataDir: folder, brokers: 1, watchdog, log: () => {}, properties }),
    brokerClock(HOUR_MS, folder),
  ])
  const [broker] = brokers
  const kafka = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING })
  const topic = 'clock'

  async function writeAfterStart(environment: NodeJS.ProcessEnv) {
    await broker?.child.kill('SIGKILL')
    broker?.child.start(environment)
    await broker?.ready()
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true })
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'x' }] })
    await producer.disconnect()
    return Date.now()
  }

  const written = [await writeAfterStart(clock), await writeAfterStart({})]
  const records = await readTopic(bootstrap, topic)
  const hoursOff = records.map(({ timestamp }, i) => (timestamp - (written[i] ?? Number.NaN)) / HOUR_MS)
  expect(hoursOff).toEqual([expect.closeTo(1, 1), expect.closeTo(0, 1)])
}, 120_000)
