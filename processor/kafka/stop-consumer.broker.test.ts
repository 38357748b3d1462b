import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel } from 'kafkajs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'

const topic = 'ended-consumer'

// In a process of its own: a consumer that is stopped at that moment takes it for itself.
const program = fileURLToPath(new URL('../../test/ended-consumer.ts', import.meta.url))

test('a consumer that is ended just when the brokers are others ends, and leaves the others their turn', {
  timeout: 180_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ended-consumer-'))
  const watchdog = startWatchdog(dataDir)
  onTestFinished(async () => {
    await watchdog.drain()
    rmSync(dataDir, { recursive: true })
  })
  const { brokers } = await startKafka({ dataDir, brokers: 3, watchdog, log: () => undefined })
  const [late, ...others] = brokers
  const addresses = others.map(({ port }) => `127.0.0.1:${port}`)
  const admin = new Kafka({ brokers: addresses, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: true })
  await late?.child.kill('SIGKILL')
  const leaders = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics.flatMap(({ partitions }) => partitions.map(({ leader }) => leader))
  }
  await vi.waitFor(async () => expect(await leaders()).not.toContain(late?.id), { timeout: 30_000 })
  // kafkajs gives up for good while the coordinator of the group loads, which nothing restarts here.
  const groupId = `of-${topic}`
  await vi.waitFor(() => admin.fetchOffsets({ groupId, topics: [topic] }), { timeout: 30_000 })
  await admin.disconnect()

  const child = spawn(process.execPath, [program, addresses.join(','), topic, groupId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await vi.waitFor(() => expect(said).toContain('Created 2 fetchers'), { timeout: 30_000 })
  late?.child.start()
  await vi.waitFor(() => expect(said).toContain('ending'), { timeout: 30_000 })
  await vi.waitFor(() => expect(said).toContain('ended'), { timeout: 10_000 })
})
