import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createInterrupts } from './interrupts.ts'
import type { Phase } from './progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(phase: Phase) {
  const run = { phase }
  const endProcess = vi.fn()
  const { interrupt, stopSending, stopWaiting } = createInterrupts(() => run.phase, endProcess)
  // Stands in for the run: after sending, it waits.
  stopSending.addEventListener('abort', () => {
    run.phase = 'waiting for answers'
  })
  const state = () => ({
    sending: !stopSending.aborted,
    waiting: !stopWaiting.aborted,
    ended: endProcess.mock.calls.length > 0,
  })
  function later() {
    vi.advanceTimersByTime(1_000)
    interrupt()
  }
  return { interrupt, later, state }
}

test('the first ends the sending, the second the waiting, the third the process', () => {
  const { interrupt, later, state } = start('sending')
  interrupt()
  expect(state()).toEqual({ sending: false, waiting: true, ended: false })
  later()
  expect(state()).toEqual({ sending: false, waiting: false, ended: false })
  later()
  expect(state()).toEqual({ sending: false, waiting: false, ended: true })
})

test.each(['waiting for answers', 'waiting for outcomes'] as const)(
  '%s: the first ends the waiting, the second the process',
  (phase) => {
    const { interrupt, later, state } = start(phase)
    interrupt()
    expect(state()).toMatchObject({ waiting: false, ended: false })
    later()
    expect(state()).toMatchObject({ ended: true })
  },
)

test('connecting: nothing is lost, the process ends', () => {
  const { interrupt, state } = start('connecting')
  interrupt()
  expect(state()).toMatchObject({ ended: true })
})

test('one that comes twice, from the terminal and through npm, is one', () => {
  const { interrupt, state } = start('sending')
  interrupt()
  interrupt()
  expect(state()).toEqual({ sending: false, waiting: true, ended: false })
})
