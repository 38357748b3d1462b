import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Child } from './child.ts'
import { reportRecovery } from './report-recovery.ts'

let deathListener: () => void
let child: { -readonly [Key in keyof Child]: Child[Key] }
let becomeReady: () => void
const askedForReady = vi.fn()
const report = vi.fn()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.clearAllMocks()
  child = {
    name: 'gateway-1',
    logFile: 'gateway-1.log',
    pid: 1,
    startedAt: 0,
    start: vi.fn(),
    kill: vi.fn(),
    onDeath: (listener) => {
      deathListener = () => listener('SIGKILL')
    },
  }
})
afterEach(() => {
  vi.useRealTimers()
})

function watch(stopping = new AbortController().signal) {
  const ready = () => {
    askedForReady()
    return new Promise<void>((resolve) => (becomeReady = resolve))
  }
  reportRecovery({ child, ready }, { report, stopping })
}

function die() {
  child.pid = undefined
  deathListener()
}

async function startAfter(ms: number) {
  const before = askedForReady.mock.calls.length
  vi.advanceTimersByTime(ms)
  child.pid = 2
  await vi.waitFor(() => expect(askedForReady).toHaveBeenCalledTimes(before + 1))
}

test('reports once the time from the first death of a child until it is ready again', async () => {
  watch()
  die()
  await startAfter(4_000)
  die()
  await startAfter(16_000)
  expect(report).not.toHaveBeenCalled()
  becomeReady()
  await new Promise(setImmediate)
  expect(report).toHaveBeenCalledExactlyOnceWith(
    // Waiting for a condition also advances the clock.
    expect.stringMatching(/^gateway-1 ready again after 20\.\d s$/),
  )
})

test('reports nothing while everything is being stopped', async () => {
  const stopping = new AbortController()
  watch(stopping.signal)
  die()
  await startAfter(4_000)
  stopping.abort()
  becomeReady()
  await new Promise(setImmediate)
  expect(report).not.toHaveBeenCalled()
})
