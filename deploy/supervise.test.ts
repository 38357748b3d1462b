import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Child } from './child.ts'
import { supervise } from './supervise.ts'

let die: (how: string) => void
const child = {
  name: 'gateway-1',
  logFile: 'gateway-1.log',
  pid: 1,
  startedAt: 0,
  start: vi.fn(),
  kill: vi.fn(),
  onDeath: (listener: (how: string) => void) => {
    die = listener
  },
} satisfies Child
const report = vi.fn()
const giveUp = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
})
afterEach(() => {
  vi.useRealTimers()
})

test('reports a death, then restarts the child', async () => {
  supervise(child, { report, giveUp, stopping: new AbortController().signal })
  die('SIGKILL')
  expect(report).toHaveBeenCalledExactlyOnceWith('gateway-1 died (SIGKILL), restarting in 0.5 s')
  expect(child.start).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(500)
  expect(child.start).toHaveBeenCalledOnce()
})

test('gives up at the fifth death in a minute, where that is wanted', () => {
  supervise(child, { report, giveUp, stopping: new AbortController().signal })
  for (let deaths = 0; deaths < 4; deaths++) die('exit code 3')
  expect(giveUp).not.toHaveBeenCalled()
  die('exit code 3')
  expect(giveUp).toHaveBeenCalledOnce()
})

test('otherwise restarts the child however often it dies, and names its log', async () => {
  supervise(child, { report, stopping: new AbortController().signal })
  for (let deaths = 0; deaths < 20; deaths++) {
    die('exit code 3')
    await vi.advanceTimersByTimeAsync(500)
  }
  expect(child.start).toHaveBeenCalledTimes(20)
  expect(report).toHaveBeenCalledWith(
    'gateway-1 keeps dying (exit code 3), see gateway-1.log, restarting in 0.5 s',
  )
})

test('starts nothing once everything is being stopped', async () => {
  const stopping = new AbortController()
  supervise(child, { report, giveUp, stopping: stopping.signal })
  die('SIGKILL')
  stopping.abort()
  await vi.advanceTimersByTimeAsync(20_000)
  die('SIGTERM')
  expect(child.start).not.toHaveBeenCalled()
  expect(report).toHaveBeenCalledOnce()
})
