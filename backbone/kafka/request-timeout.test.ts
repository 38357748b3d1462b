import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchAnswers } from './request-timeout.ts'

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
  const onSilence = vi.fn()
  return { ...watchAnswers(onSilence), onSilence }
}

test.each([
  { apiKey: METADATA, ms: 5_000 },
  { apiKey: JOIN_GROUP, ms: 12_000 },
  { apiKey: SYNC_GROUP, ms: 12_000 },
])('request $apiKey is waited for $ms ms', ({ apiKey, ms }) => {
  const { asked, onSilence } = watch()
  asked(request(apiKey))
  vi.advanceTimersByTime(ms - 1)
  expect(onSilence).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onSilence).toHaveBeenCalledOnce()
})

test('who owes nothing may be silent', () => {
  const { asked, answered, onSilence } = watch()
  asked(request(METADATA))
  answered(1)
  vi.advanceTimersByTime(60_000)
  expect(onSilence).not.toHaveBeenCalled()
})

test('each answer gives the next one its time', () => {
  const { asked, answered, onSilence } = watch()
  for (let i = 0; i < 3; i++) asked(request(METADATA))
  vi.advanceTimersByTime(4_000)
  answered(1)
  vi.advanceTimersByTime(4_000)
  answered(1)
  vi.advanceTimersByTime(4_999)
  expect(onSilence).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onSilence).toHaveBeenCalledOnce()
})

test('what is asked meanwhile does not prolong the wait for the oldest', () => {
  const { asked, onSilence } = watch()
  asked(request(METADATA))
  vi.advanceTimersByTime(4_000)
  asked(request(JOIN_GROUP))
  vi.advanceTimersByTime(1_000)
  expect(onSilence).toHaveBeenCalledOnce()
})

test('a connection that has ended owes nothing, whatever is written to it', () => {
  const { asked, stop, onSilence } = watch()
  asked(request(METADATA))
  stop()
  asked(request(METADATA))
  vi.advanceTimersByTime(60_000)
  expect(onSilence).not.toHaveBeenCalled()
})
