import { expect, test } from 'vitest'
import { countRefusals } from './refusals.ts'

const none = { at: new Float64Array(), began: new Float64Array(), gateway: new Uint8Array() }
const acks = (...attempts: number[]) => ({
  at: new Float64Array(attempts.length),
  sinceDueMs: new Float32Array(attempts.length),
  attempts: Uint16Array.from(attempts),
})

test('lists the answers instead of a 202, most frequent first', () => {
  const refused = {
    ...none,
    failure: Uint16Array.of(0, 1, 1, 2, 1, 2),
    failures: ['timeout', '503', 'reset'],
  }
  const { byReason } = countRefusals({ acks: acks(1), refused })
  expect(Object.entries(byReason)).toEqual([
    ['503', 3],
    ['reset', 2],
    ['timeout', 1],
  ])
})

test('counts checkouts that needed one request', () => {
  const refused = { ...none, failure: new Uint16Array(), failures: [] }
  expect(countRefusals({ acks: acks(1, 1, 3, 1), refused })).toEqual({ byReason: {}, atFirstAttempt: 0.75 })
  expect(countRefusals({ acks: acks(), refused }).atFirstAttempt).toBe(0)
})
