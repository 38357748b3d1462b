import { afterEach, expect, test, vi } from 'vitest'
import { createSystemModel } from '../operations/system-model.ts'
import { createMember } from './create-member.ts'
import { idleGateway } from './testing/idle-figures.ts'

afterEach(() => void vi.useRealTimers())

test.each([3_600_000, -3_600_000])('a clock that is set by %i ms changes neither state nor rates', (byMs) => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  let accepted = 0
  const member = createMember({
    name: 'gateway-1',
    checks: () => [],
    own: () => ({ role: 'gateway', gateway: { ...idleGateway, answers: { purchase: { 202: accepted } } } }),
  })
  const start = Date.now()
  const model = createSystemModel({
    from: 'processor-1',
    partial: false,
    homePartitions: () => 1,
    followedSince: start,
  })
  for (let second = 1; second <= 40; second++) {
    vi.advanceTimersByTime(1_000)
    accepted += 10
    if (second === 20) vi.setSystemTime(Date.now() + byMs)
    model.takeFromTopic(member.figures(), start + second * 1_000)
    const { state } = model.tick(start + second * 1_000)
    expect(state.members).toMatchObject([{ status: 'ok' }])
    expect(state.checkouts?.perSecond).toEqual({ purchase: { 202: 10 } })
  }
  expect(model.history().events).toEqual([])
  // What happened has the time that the clock shows.
  expect(member.event('paused', { seconds: 4 }).at).toBe(start + 40_000 + byMs)
})
