import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import { gateway } from '../operations/testing/simulate.ts'
import { publishMember } from './publish-member.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A process whose Kafka answers from one second on, until another one. */
function start(answers: (second: number) => boolean) {
  let second = 0
  const send: FiguresSender['send'] = () =>
    answers(second) ? Promise.resolve() : Promise.reject(new Error('connection refused'))
  const member = publishMember({
    name: 'gateway-1',
    topic: 'Figures',
    sender: { send, close: () => Promise.resolve() },
    refusals: {
      isAuthenticated: () => true,
      explain: () => undefined,
      isRefused: () => false,
      detail: () => undefined,
    },
    checks: () => [],
    own: () => ({ role: 'gateway', gateway: gateway().gateway ?? (undefined as never) }),
    kafkaFault: () => (answers(second) ? undefined : 'Kafka does not answer'),
    log: pino({ level: 'silent' }),
  })
  return async (until: number) => {
    for (; second < until; second++) await vi.advanceTimersByTimeAsync(1_000)
    return member.takeEvents().map(({ code }) => code)
  }
}

test('a Kafka that is starting, too, is no event', async () => {
  const runUntil = start((second) => second > 25)
  expect(await runUntil(60)).toEqual(['started'])
})

test('a Kafka that does not answer for half a minute after a start is one', async () => {
  const runUntil = start((second) => second > 45)
  expect(await runUntil(29)).toEqual(['started'])
  expect(await runUntil(40)).toEqual(['kafka-unavailable'])
  expect(await runUntil(60)).toEqual(['kafka-back'])
})

test('one that no longer answers after it did is one within seconds', async () => {
  const runUntil = start((second) => second < 5 || second > 15)
  expect(await runUntil(10)).toEqual(['started', 'kafka-unavailable'])
  expect(await runUntil(30)).toEqual(['kafka-back'])
})
