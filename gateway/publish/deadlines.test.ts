import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDeadlines } from './deadlines.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('pass in time, a twentieth of a second late at most, and never early', () => {
  const after = createDeadlines(1_000)
  const first = vi.fn()
  const second = vi.fn()
  after(first)
  vi.advanceTimersByTime(500)
  after(second)
  vi.advanceTimersByTime(499)
  expect(first).not.toHaveBeenCalled()
  vi.advanceTimersByTime(51)
  expect(first).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(449)
  expect(second).not.toHaveBeenCalled()
  vi.advanceTimersByTime(51)
  expect(second).toHaveBeenCalledOnce()
  expect(first).toHaveBeenCalledOnce()
})

test('one that is called off never passes', () => {
  const after = createDeadlines(1_000)
  const passed = vi.fn()
  const kept = vi.fn()
  const callOff = after(passed)
  after(kept)
  callOff()
  vi.advanceTimersByTime(10_000)
  expect(passed).not.toHaveBeenCalled()
  expect(kept).toHaveBeenCalledOnce()
})

test('no timer is left when none is open', () => {
  const after = createDeadlines(100)
  after(() => undefined)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(200)
  expect(vi.getTimerCount()).toBe(0)
  after(() => undefined)
  expect(vi.getTimerCount()).toBe(1)
})
