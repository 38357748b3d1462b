import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePorts } from '../deploy/ports.ts'
import { checkoutOf } from './checkouts.ts'
import { descendantsOf } from './processes.ts'
import { becomesReady, nothingLeft, type Run, runLauncher, startMs } from './run-launcher.ts'

const folder = mkdtempSync(join(tmpdir(), 'launcher-partitions-'))
const data = join(folder, 'data')
let url: string
let kafkaPort: number
let launcher: Run

beforeAll(async () => {
  const [port = 0, forKafka = 0] = await freePorts(2)
  kafkaPort = forKafka
  url = `http://127.0.0.1:${port}`
  launcher = runLauncher(['--port', String(port), '--kafka-port', String(kafkaPort), '--data', data])
  await becomesReady(launcher)
})
afterAll(async () => {
  launcher.process.kill('SIGKILL')
  await nothingLeft([], folder)
  rmSync(folder, { recursive: true })
})

const programs = () => descendantsOf(launcher.process.pid ?? 0)

/** Kills this many processors. */
function killProcessors(count: number) {
  const processors = programs().filter(({ command }) => command.includes('processor/main.ts'))
  expect(processors).toHaveLength(2)
  for (const { pid } of processors.slice(0, count)) process.kill(pid, 'SIGKILL')
}

async function buy() {
  const response = await fetch(`${url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=10' },
    body: JSON.stringify(checkoutOf('quick', 1)),
  })
  expect(await response.json()).toMatchObject({ status: 'classified' })
}

test('DataTopic gets more partitions: the remedy is logged, and restarted processors continue', async () => {
  const admin = new Kafka({ brokers: [`127.0.0.1:${kafkaPort}`], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createPartitions({ topicPartitions: [{ topic: 'DataTopic', count: 9 }] })
  await admin.disconnect()
  const error = 'DataTopic has 9 partitions, Notifications has 6: records in partitions 6 to 8'
  for (const name of ['gateway-1', 'processor-1', 'processor-2'])
    await launcher.says(`${name}: error: ${error}`, 30_000)
  const times = () => launcher.stdout().split(error).length - 1
  expect(times()).toBe(3)
  killProcessors(1)
  await vi.waitFor(() => expect(times()).toBe(4), { timeout: startMs })
  await buy()
}, 180_000)

test('processors that cannot start stop neither gateways nor Kafka', async () => {
  // A folder at the path of the read model's file: a processor can neither open nor replace it.
  for (const name of ['processor-1', 'processor-2']) {
    rmSync(join(data, name), { recursive: true })
    mkdirSync(join(data, name, 'view.db'), { recursive: true })
  }
  killProcessors(2)
  await launcher.says('processor-1 keeps dying', startMs)
  await launcher.says('processor-2 keeps dying', startMs)
  const response = await fetch(`${url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(checkoutOf('quick', 2)),
  })
  expect(response.status).toBe(202)

  for (const name of ['processor-1', 'processor-2']) rmSync(join(data, name, 'view.db'), { recursive: true })
  await vi.waitFor(buy, { timeout: startMs, interval: 1_000 })
}, 180_000)
