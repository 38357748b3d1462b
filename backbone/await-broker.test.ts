import { once } from 'node:events'
import { createServer } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { freePorts } from '../deploy/ports.ts'
import { awaitBroker } from './await-broker.ts'

const answering = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('data', () => socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0])))
})
afterEach(() => {
  answering.close()
})

test('waits for a broker that comes late, and says meanwhile why none answers', async () => {
  const [port = 0, closed] = await freePorts(2)
  const lines: string[] = []
  const log = pino({}, { write: (line) => void lines.push(line) })
  const KAFKA_BROKERS = [`127.0.0.1:${closed}`, `127.0.0.1:${port}`]
  let isAnswered = false
  async function wait() {
    await awaitBroker({ KAFKA_BROKERS, KAFKA_TLS: false }, log)
    isAnswered = true
  }

  const waiting = wait()
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 10_000 })
  expect(lines[0]).toContain('Kafka is not ready')
  expect(lines[0]).toContain('ECONNREFUSED')
  expect(isAnswered).toBe(false)

  answering.listen(port, '127.0.0.1')
  await once(answering, 'listening')
  await waiting
  expect(lines).toHaveLength(1)
})
