import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchRequestTimeout } from './request-timeout.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const METADATA = 3
const JOIN_GROUP = 11
const SYNC_GROUP = 14

function request(apiKey: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeInt32BE(4)
  bytes.writeInt16BE(apiKey, 4)
  return bytes
}

function watch() {
  const onTimeout = vi.fn()
  return { ...watchRequestTimeout(onTimeout), onTimeout }
}

test.each([
  { apiKey: METADATA, ms: 5_000 },
  { apiKey: JOIN_GROUP, ms: 12_000 },
  { apiKey: SYNC_GROUP, ms: 12_000 },
])('request $apiKey has $ms ms', ({ apiKey, ms }) => {
  const { sent, onTimeout } = watch()
  sent(request(apiKey))
  vi.advanceTimersByTime(ms - 1)
  expect(onTimeout).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onTimeout).toHaveBeenCalledOnce()
})

test('without a pending request there is no timeout', () => {
  const { sent, received, onTimeout } = watch()
  sent(request(METADATA))
  received(1)
  vi.advanceTimersByTime(60_000)
  expect(onTimeout).not.toHaveBeenCalled()
})

test('each response gives the next request its time', () => {
  const { sent, received, onTimeout } = watch()
  for (let i = 0; i < 3; i++) sent(request(METADATA))
  vi.advanceTimersByTime(4_000)
  received(1)
  vi.advanceTimersByTime(4_000)
  received(1)
  vi.advanceTimersByTime(4_999)
  expect(onTimeout).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onTimeout).toHaveBeenCalledOnce()
})

test('later requests do not prolong the time of the oldest', () => {
  const { sent, onTimeout } = watch()
  sent(request(METADATA))
  vi.advanceTimersByTime(4_000)
  sent(request(JOIN_GROUP))
  vi.advanceTimersByTime(1_000)
  expect(onTimeout).toHaveBeenCalledOnce()
})

test('a connection that has ended has no timeout, whatever is written to it', () => {
  const { sent, stop, onTimeout } = watch()
  sent(request(METADATA))
  stop()
  sent(request(METADATA))
  vi.advanceTimersByTime(60_000)
  expect(onTimeout).not.toHaveBeenCalled()
})
