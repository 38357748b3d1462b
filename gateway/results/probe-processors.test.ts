import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { probeProcessors } from './probe-processors.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(...urls: string[]) {
  const answers = new Map(urls.map((url) => [url, true]))
  const probe = vi.fn(async (url: string) => answers.get(url) ?? false)
  const probed = vi.fn()
  const stop = new AbortController()
  let suspect: (url: string) => void = () => undefined
  const pool = { urls, probed, onSuspect: (listener: typeof suspect) => void (suspect = listener) }
  probeProcessors({ pool, probe, stop: stop.signal })
  return { answers, probe, probed, stop, suspect: (url: string) => suspect(url) }
}

test('each is probed once a second', async () => {
  const { probe, probed } = start('a', 'b')
  await vi.advanceTimersByTimeAsync(10_000)
  for (const url of ['a', 'b']) {
    const count = probe.mock.calls.filter(([probedUrl]) => probedUrl === url).length
    expect(count).toBeGreaterThanOrEqual(9)
    expect(count).toBeLessThanOrEqual(12)
  }
  expect(probed.mock.calls.every(([, answered]) => answered === true)).toBe(true)
})

test('a second failure soon after the first takes one out, one answer brings it back', async () => {
  const { answers, probed } = start('a')
  await vi.advanceTimersByTimeAsync(0)
  probed.mockClear()
  answers.set('a', false)
  await vi.advanceTimersByTimeAsync(1_100)
  expect(probed).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(250)
  expect(probed.mock.calls).toEqual([['a', false]])
  answers.set('a', true)
  await vi.advanceTimersByTimeAsync(1_100)
  expect(probed).toHaveBeenLastCalledWith('a', true)
})

test('one failure alone is forgotten', async () => {
  const { answers, probed, suspect } = start('a')
  await vi.advanceTimersByTimeAsync(0)
  answers.set('a', false)
  suspect('a')
  await vi.advanceTimersByTimeAsync(0)
  answers.set('a', true)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(probed.mock.calls.every(([, answered]) => answered === true)).toBe(true)
})

test('a suspect is probed at once, but not twice at a time', async () => {
  const { probe, suspect } = start('a', 'b')
  await vi.advanceTimersByTimeAsync(0)
  probe.mockClear()
  probe.mockReturnValue(new Promise(() => undefined))
  suspect('b')
  suspect('b')
  expect(probe.mock.calls).toEqual([['b']])
})

test('probes stop', async () => {
  const { probe, stop, suspect } = start('a')
  await vi.advanceTimersByTimeAsync(0)
  probe.mockClear()
  stop.abort()
  suspect('a')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(probe).not.toHaveBeenCalled()
})
