import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Progress } from '../progress.ts'
import { showProgress } from './show-progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(options: { quiet: boolean; isTTY?: boolean; columns?: number }) {
  const out = Object.assign(new PassThrough({ encoding: 'utf8' }), { rows: 24, ...options })
  let sent = 0
  const read = (): Progress => ({
    name: 'peak',
    target: 'http://127.0.0.1:8080',
    phase: 'sending',
    elapsedMs: 1_000,
    plannedMs: 30_000,
    askedRate: 500,
    canChangeRate: true,
    rateFactor: 1,
    sentRate: 500,
    sent: ++sent,
    accepted: 0,
    dropped: 0,
    retries: 0,
    inFlight: 0,
    duration: undefined,
    recentP99: [],
    failures: new Map(),
    delay: undefined,
    outstanding: undefined,
    duplicated: 0,
    broken: [],
  })
  const end = showProgress(out as unknown as NodeJS.WriteStream, read, options)
  return { end, written: () => String(out.read() ?? '') }
}

test.each([
  ['no terminal', {}],
  ['a terminal without a size', { isTTY: true, columns: 0 }],
])('%s: one plain line a second until the end', (_, stream) => {
  const { end, written } = start({ quiet: false, ...stream })
  vi.advanceTimersByTime(2_500)
  end()
  vi.advanceTimersByTime(5_000)
  const text = written()
  expect(text).toMatch(/^sending 1\.0 s of .* sent 1, .*\nsending 1\.0 s of .* sent 2, .*\n$/)
  expect(text).not.toContain('\u001B')
})

test.each([{}, { isTTY: true, columns: 80 }])('quiet: nothing, %j', (stream) => {
  const { end, written } = start({ quiet: true, ...stream })
  vi.advanceTimersByTime(5_000)
  end()
  expect(written()).toBe('')
})
