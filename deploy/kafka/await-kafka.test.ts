import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePorts } from '../ports.ts'
import { awaitKafka } from './await-kafka.ts'

test('says that it waits, and when that is over; one broker of several is enough', async () => {
  const [unused = 0, port = 0] = await freePorts(2)
  const brokers = [`127.0.0.1:${unused}`, `127.0.0.1:${port}`]
  const report = vi.fn()
  const waiting = awaitKafka(brokers, report, new AbortController().signal)
  await vi.waitFor(() => expect(report).toHaveBeenCalledWith(`waiting for Kafka at ${brokers.join(', ')}`))
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await waiting
  expect(report.mock.calls.flat()).toEqual([
    expect.stringContaining('waiting'),
    expect.stringMatching(/^Kafka answers after \d+\.\d s$/),
  ])
})

test('says nothing of a Kafka that is there', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const report = vi.fn()
  const port = typeof address === 'object' ? address?.port : undefined
  await awaitKafka([`127.0.0.1:${port}`], report, new AbortController().signal)
  expect(report).not.toHaveBeenCalled()
})

test('ends when everything is being stopped', async () => {
  const [port] = await freePorts(1)
  const stopping = new AbortController()
  const waiting = awaitKafka([`127.0.0.1:${port}`], () => stopping.abort(), stopping.signal)
  await expect(waiting).rejects.toThrow('abort')
})
