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

type Offsets = { partition: number; low: string; high: string }[]

function watch({
  fetchTopicOffsets,
  next,
  onLine = () => undefined,
}: {
  fetchTopicOffsets: () => Promise<Offsets>
  next: (partition: number) => number
  onLine?: (line: string) => void
}) {
  const admin = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    fetchTopicOffsets,
  } as unknown as TopicAdmin
  return watchTopicEnds({
    admin: keepAdmin(() => admin),
    topic: 'dead letters',
    partitions: 2,
    next,
    onRemoved: () => Promise.resolve(),
    onRecreated: () => Promise.resolve(),
    log: pino({}, { write: onLine }),
  })
}

test('what is unread is known from the ends that were asked for, and from those of later fetches', async () => {
  const next = [0, 5]
  const offsets = [
    { partition: 0, low: '0', high: '4' },
    { partition: 1, low: '0', high: '5' },
  ]
  const ends = watch({ fetchTopicOffsets: async () => offsets, next: (partition) => next[partition] ?? 0 })
  await vi.waitFor(() => expect(ends.unread()).toBe(4))
  ends.seen(0, 10)
  ends.seen(1, 4)
  expect(ends.unread()).toBe(10)
  next[0] = 10
  expect([ends.unread(), ends.reached()]).toEqual([0, true])
  ends.forget()
  ends.seen(0, 12)
  expect(ends.unread()).toBe(2)
  ends.stop()
})

test('a topic whose ends are not known yet is worth a warning only if that lasts, and one', async () => {
  let failures = 0
  let isKnown = false
  const lines: string[] = []
  const fetchTopicOffsets = () => {
    if (isKnown) return Promise.resolve([{ partition: 0, low: '0', high: '0' }])
    failures++
    return Promise.reject(new Error('Topic metadata not loaded'))
  }
  const ends = watch({ fetchTopicOffsets, next: () => 0, onLine: (line) => void lines.push(line) })
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
