import { expect, test } from 'vitest'
import type { InjectedFault } from '../inject/run-plan.ts'
import { findUnsafeAcknowledgements } from './was-recovered.ts'

const fault = { name: 'below-min-isr', injectedAt: 10_000, healedAt: 30_000 } as InjectedFault

const unsafe = (acks: { began: number; at: number; attempts?: number }[], injected = [fault]) =>
  findUnsafeAcknowledgements({
    injected,
    storefront: {
      acks: {
        at: Float64Array.from(acks, ({ at }) => at),
        began: Float64Array.from(acks, ({ began }) => began),
        sinceDueMs: new Float32Array(acks.length),
        attempts: Uint16Array.from(acks, ({ attempts = 1 }) => attempts),
      },
    },
  })

test('a checkout acknowledged with too few in-sync replicas is reported', () => {
  const [violation] = unsafe([
    { began: 12_000, at: 12_500 },
    { began: 11_001, at: 29_999 },
  ])
  expect(violation).toMatchObject({ invariant: 'acknowledged-not-lost', what: expect.stringMatching(/^2 /) })
})

test.each([
  ['was on its way already', { began: 9_000, at: 14_000 }],
  ['was acknowledged after the recovery', { began: 12_000, at: 30_000 }],
  ['was stored before, and was acknowledged to a retry', { began: 12_000, at: 12_100, attempts: 2 }],
])('a checkout that %s is not reported', (_, ack) => expect(unsafe([ack])).toEqual([]))

test('other faults leave enough of them in sync', () => {
  expect(unsafe([{ began: 12_000, at: 12_500 }], [{ ...fault, name: 'kill-broker' }])).toEqual([])
})
