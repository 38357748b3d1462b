import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAdmin } from '../../backbone/kafka/admin.ts'
import type { TopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { watchTopicEnds } from './watch-topic-ends.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a topic whose ends are not known yet is worth a warning only if that lasts, and one', async () => {
  let failures = 0
  let isKnown = false
  const lines: string[] = []
  const admin = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    fetchTopicOffsets() {
      if (isKnown) return Promise.resolve([{ partition: 0, low: '0', high: '0' }])
      failures++
      return Promise.reject(new Error('Topic metadata not loaded'))
    },
  } as unknown as TopicAdmin
  const ends = watchTopicEnds({
    admin: keepAdmin(() => admin),
    topic: 'dead letters',
    partitions: 1,
    next: () => 0,
    onRemoved: () => Promise.resolve(),
    onRecreated: () => Promise.resolve(),
    log: pino({}, { write: (line) => void lines.push(line) }),
  })
  const failAgain = async (times: number) => {
    const until = failures + times
    await vi.waitFor(() => expect(failures).toBeGreaterThanOrEqual(until), { timeout: 5_000 })
  }
  await failAgain(3)
  expect(lines).toEqual([])
  vi.advanceTimersByTime(15_000)
  await failAgain(3)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('Topic metadata not loaded')
  isKnown = true
  await vi.waitFor(() => expect(ends.reached()).toBe(true))
  expect(lines).toHaveLength(1)
  ends.stop()
})
