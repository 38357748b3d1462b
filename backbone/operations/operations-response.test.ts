import { expect, test, vi } from 'vitest'
import { readFrames } from '../../processor/testing/frames.ts'
import { broadcastTicks } from './broadcast-ticks.ts'
import { operationsResponse } from './operations-response.ts'
import type { OperationsHistory, OperationsTick } from './system-state.ts'
import { gateway, simulate } from './testing/simulate.ts'

const never = new AbortController().signal

function watched() {
  const system = simulate()
  system.run(5, () => system.publish(gateway()))
  const ticks = broadcastTicks(system.tick(), system.model.history())
  let number = 0
  return {
    system,
    ticks,
    /** A second passes, in which a gateway reports an event. */
    second(): number {
      system.event({ member: 'gateway-1', run: 'r', number: number++, code: 'overload-ended', details: {} })
      system.run(1, () => system.publish(gateway()))
      ticks.publish(system.tick(), system.model.history())
      return system.state().at
    },
    open({
      disconnected = never,
      draining = never,
      revoked = never,
      expiresAt = undefined as number | undefined,
    } = {}) {
      const leave = vi.fn()
      const response = operationsResponse({
        ticks,
        enter: () => leave,
        disconnected,
        draining,
        credential: { expiresAt, revoked },
      })
      return { ...readFrames(response), response, leave }
    },
  }
}

const dataOf = (frame: { data?: string } | undefined): unknown => JSON.parse(frame?.data ?? '')

test('a viewer gets the history, the state as it is, and each new one, without a gap or a repetition', async () => {
  const { open, second, system } = watched()
  second()
  const viewer = open()
  const history = await viewer.next()
  expect(history).toMatchObject({ event: 'history' })
  expect(Number(history?.retry)).toBeGreaterThan(0)
  const known = dataOf(history) as OperationsHistory
  const first = dataOf(await viewer.next()) as OperationsTick
  const at = second()
  const next = dataOf(await viewer.next()) as OperationsTick
  expect(next.state.at).toBe(at)
  expect([...known.points, first.point, next.point]).toEqual(system.model.history().points)
  expect([...known.events, ...first.events, ...next.events]).toEqual(system.model.history().events)
  await viewer.cancel()
  expect(viewer.leave).toHaveBeenCalledTimes(1)
})

test('a slow viewer gets only the newest state, and all events', async () => {
  const { open, second } = watched()
  const viewer = open()
  await viewer.next()
  await viewer.next()
  let at = 0
  for (let i = 0; i < 20; i++) at = second()
  const tick = dataOf(await viewer.next()) as OperationsTick
  expect(tick.state.at).toBe(at)
  expect(tick.events.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  await viewer.cancel()
})

test('a state is serialised once for all viewers, and not at all without any', async () => {
  const { second, ticks } = watched()
  const stringify = vi.spyOn(JSON, 'stringify')
  try {
    second()
    expect(stringify).not.toHaveBeenCalled()
    const { seen } = ticks.begin()
    const frames = await Promise.all(Array.from({ length: 20 }, () => ticks.nextFrame(seen, never)))
    expect(new Set(frames.map((frame) => frame?.frame)).size).toBe(1)
  } finally {
    stringify.mockRestore()
  }
})

test.each(['revoked', 'disconnected', 'draining'] as const)('a stream ends when it is %s', async (reason) => {
  vi.useFakeTimers()
  try {
    const ending = new AbortController()
    const viewer = watched().open({ [reason]: ending.signal })
    await viewer.next()
    await viewer.next()
    const last = viewer.next()
    ending.abort()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await last).toMatchObject({ retry: expect.stringMatching(/^\d+$/) as string })
    expect(await viewer.next()).toBeUndefined()
    expect(viewer.leave).toHaveBeenCalledTimes(1)
  } finally {
    vi.useRealTimers()
  }
})

test('a stream ends when its credential expires', async () => {
  vi.useFakeTimers()
  try {
    const viewer = watched().open({ expiresAt: Date.now() + 5_000 })
    await viewer.next()
    await viewer.next()
    const last = viewer.next()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await last).toMatchObject({ retry: expect.stringMatching(/^\d+$/) as string })
  } finally {
    vi.useRealTimers()
  }
})
