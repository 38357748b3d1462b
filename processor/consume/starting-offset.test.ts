import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testAdmin } from '../testing/admin.ts'
import { createStartingOffset } from './starting-offset.ts'

const PARTITION = 1
const NOON = Date.UTC(2026, 10, 30, 12)

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** What the brokers say of DataTopic and of the group. */
function setUp({ end = 10, committed = '-1', offsetAt = 0 } = {}) {
  const topic = { end }
  const connected = {
    fetchTopicOffsets: async () => [{ partition: PARTITION, high: String(topic.end) }],
    fetchOffsetsAt: async (_: string, time: number) => new Map([[PARTITION, time === NOON ? offsetAt : -1]]),
    fetchGroupOffsets: async () => [{ partition: PARTITION, offset: committed }],
  }
  const admin = testAdmin(connected)
  const log = pino({ level: 'silent' })
  return { topic, startingOffset: createStartingOffset({ admin, topic: 'DataTopic', groupId: 'g', log }) }
}

test.each([
  ['after the last record that has an outcome', { resume: 7, cut: true }, 7],
  ['at the end, when that was the last', { resume: 10, cut: false }, 10],
  ['at the beginning, when nothing has one', { resume: undefined, cut: false }, 0],
  ['where the group was, when retention has cut the outcomes', { resume: undefined, cut: true }, 4],
])('%s', async (_, { resume, cut }, expected) => {
  const { startingOffset } = setUp({ committed: '4' })
  expect(await startingOffset(PARTITION, resume, cut)).toEqual({ next: expected, end: 10 })
})

test.each([
  ['at a time, in a copy without outcomes of this cluster', undefined, 6],
  ['after the last record with an outcome of this cluster', 8, 8],
])('%s', async (_, resume, expected) => {
  const { startingOffset } = setUp({ committed: '4', offsetAt: 6 })
  expect(await startingOffset(PARTITION, resume, true, NOON)).toEqual({ next: expected, end: 10 })
})

test('a group that never committed was nowhere', async () => {
  expect(await setUp().startingOffset(PARTITION, undefined, true)).toMatchObject({ next: 0 })
})

test('a topic that is shorter than it was is believed only when no broker can have said so that had been frozen', async () => {
  const { topic, startingOffset } = setUp({ end: 3 })
  const start = () => startingOffset(PARTITION, 7, false)
  await expect(start()).rejects.toThrow('DataTopic/1 ends at 3, before 7')
  vi.advanceTimersByTime(9_999)
  await expect(start()).rejects.toThrow('asking again')
  topic.end = 8
  expect(await start()).toEqual({ next: 7, end: 8 })
  topic.end = 3
  await expect(start()).rejects.toThrow('asking again')
  vi.advanceTimersByTime(3_600_000)
  await expect(start()).rejects.toThrow('asking again')
  vi.advanceTimersByTime(10_000)
  expect(await start()).toEqual({ next: 0, end: 3 })
})
