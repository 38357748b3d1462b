import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KeptAdmin } from './admin.ts'
import { createPartitionMetrics } from './partition-metrics.ts'
import { watchPartitions } from './watch-partitions.ts'

const topics = { DATA_TOPIC: 'DataTopic', NOTIFICATIONS_TOPIC: 'Notifications' }
const MINUTE_MS = 60_000
let counts: Record<string, number>
const denied = new Set<string>()
const askedFor: string[] = []
const stops: (() => void)[] = []

beforeEach(() => {
  vi.useFakeTimers()
  counts = { DataTopic: 6, Notifications: 6 }
  denied.clear()
  askedFor.length = 0
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.useRealTimers()
})

const admin: KeptAdmin = {
  renew: () => undefined,
  use: (work) =>
    work({
      listTopics: async () => Object.keys(counts).filter((name) => !denied.has(name)),
      countPartitions: async (name: string) => {
        askedFor.push(name)
        if (denied.has(name)) throw Object.assign(new Error('denied'), { type: 'TOPIC_AUTHORIZATION_FAILED' })
        if (counts[name] === undefined) throw new Error('Kafka does not answer')
        return counts[name]
      },
    } as never),
  close: async () => undefined,
}

function watch() {
  const log = pino({ level: 'silent' })
  const errors = vi.spyOn(log, 'error')
  const infos = vi.spyOn(log, 'info')
  const registry = new Registry()
  const watching = watchPartitions({
    admin,
    topics,
    used: () => 6,
    expected: ({ data }) => data,
    changingTo: () => undefined,
    metrics: createPartitionMetrics(registry),
    log,
  })
  stops.push(watching.stop)
  return { watching, errors, infos, lines: async () => (await registry.metrics()).split('\n') }
}

test('a topic that grows is noticed within 30 s: one error, a metric, a reason', async () => {
  const { watching, errors, lines } = watch()
  await vi.advanceTimersByTimeAsync(0)
  expect(watching.mismatch()).toBeUndefined()
  expect(await lines()).toEqual(
    expect.arrayContaining(['checkout_topic_partitions{topic="DataTopic"} 6', 'checkout_topic_mismatch 0']),
  )
  counts['DataTopic'] = 9
  await vi.advanceTimersByTimeAsync(30_000)
  expect(watching.mismatch()).toMatch(/^DataTopic has 9 partitions, Notifications has 6: /)
  expect(errors).toHaveBeenCalledExactlyOnceWith({ data: 9, notifications: 6, used: 6 }, watching.mismatch())
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'checkout_topic_partitions{topic="DataTopic"} 9',
      'checkout_topic_partitions{topic="Notifications"} 6',
      'checkout_topic_mismatch 1',
    ]),
  )
})

test('is logged again every ten minutes, at once when the counts change, and once when it is over', async () => {
  counts['DataTopic'] = 9
  const { watching, errors, infos } = watch()
  await vi.advanceTimersByTimeAsync(9 * MINUTE_MS)
  expect(errors).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(errors).toHaveBeenCalledTimes(2)
  counts['Notifications'] = 9
  await vi.advanceTimersByTimeAsync(30_000)
  expect(errors).toHaveBeenCalledTimes(3)
  expect(infos).not.toHaveBeenCalled()
  counts = { DataTopic: 6, Notifications: 6 }
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(errors).toHaveBeenCalledTimes(3)
  expect(infos).toHaveBeenCalledTimes(1)
  expect(watching.mismatch()).toBeUndefined()
})

test('while Kafka does not answer, the last result is kept', async () => {
  counts['DataTopic'] = 9
  const { watching } = watch()
  await vi.advanceTimersByTimeAsync(0)
  counts = {}
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(watching.mismatch()).toBeDefined()
  counts = { DataTopic: 6, Notifications: 6 }
  await vi.advanceTimersByTimeAsync(30_000)
  expect(watching.mismatch()).toBeUndefined()
})

test('a process that may not describe Notifications watches DataTopic alone, without a request for it', async () => {
  denied.add('Notifications')
  const { watching, lines } = watch()
  const watched = async () =>
    (await lines()).filter((line) => line.startsWith('checkout_topic_partitions{topic="Notifications"}'))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(watching.mismatch()).toBeUndefined()
  expect(await watched()).toEqual([])
  expect(askedFor).not.toContain('Notifications')

  denied.clear()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await watched()).toEqual(['checkout_topic_partitions{topic="Notifications"} 6'])

  denied.add('Notifications')
  await vi.advanceTimersByTimeAsync(20_000)
  const before = askedFor.filter((name) => name === 'Notifications').length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(askedFor.filter((name) => name === 'Notifications')).toHaveLength(before)
  expect(watching.mismatch()).toBeUndefined()
})
