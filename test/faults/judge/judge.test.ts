import { expect, test } from 'vitest'
import { appendTimes } from './append-times.ts'
import { count, judgeEvidence } from './judge.ts'
import { evidenceAfter } from './test-evidence.ts'
import { idOf, recordOf, remove, rewrite } from './test-world.ts'

const intact = evidenceAfter(() => undefined)

test('a run in which all went well has no violation', () => {
  expect(judgeEvidence(intact)).toEqual([])
})

test('it is counted', () => {
  expect(count(intact)).toEqual({
    sent: 38,
    acknowledged: 37,
    dataRecords: 47,
    repetitions: 4,
    conflicts: 1,
    outcomes: 43,
    byKind: expect.objectContaining({ none: 9, quick: 11, slow: 9, unverified: 11, invalid: 3 }),
    deadLetters: 3,
  })
})

test('the times of outcomes and of their records are aligned', () => {
  const { outcomes, data } = evidenceAfter((world) => {
    Object.assign(recordOf(world.notifications, idOf(2)), { timestamp: 2_000 })
    Object.assign(recordOf(world.data, idOf(2)), { timestamp: 1_500 })
    remove(world.data, recordOf(world.data, idOf(6)))
  })
  const times = appendTimes(outcomes, data, 1_000).get(2)
  expect(times?.outcomes).toHaveLength(10)
  expect(times?.records).toHaveLength(10)
  expect([times?.outcomes[0], times?.records[0], times?.records[1]]).toEqual([2_000, 1_500, Number.NaN])
})

test('the times of a broker whose clock was an hour off are corrected', () => {
  const hour = 3_600_000
  const { outcomes, data } = evidenceAfter((world) => {
    Object.assign(recordOf(world.notifications, idOf(2)), { timestamp: 2_000 + hour })
    Object.assign(recordOf(world.data, idOf(2)), { timestamp: 1_500 - hour })
  })
  const times = appendTimes(outcomes, data, 1_000).get(2)
  expect([times?.outcomes[0], times?.records[0]]).toEqual([2_000, 1_500])
})

test('one lost outcome is reported by every invariant that it breaks', () => {
  const violations = judgeEvidence(
    evidenceAfter(({ notifications }) => remove(notifications, recordOf(notifications, idOf(16)))),
  )
  expect(violations.map(({ invariant }) => invariant)).toEqual([
    'acknowledged-not-lost',
    'one-outcome',
    'views-agree',
    'streams',
  ])
})

test('of many alike, twenty are shown and all are counted', () => {
  const violations = judgeEvidence(
    evidenceAfter(({ notifications }) => {
      for (const record of notifications) record.key = 'the same'
    }),
  )
  expect(violations).toHaveLength(21)
  expect(violations.at(-1)?.what).toBe(
    'the key of an outcome is not its event id: 43 in all, 20 of them shown',
  )
})

test('reports contain no personal data', () => {
  const violations = judgeEvidence(
    evidenceAfter(({ notifications, deadLetters, data }) => {
      remove(notifications, recordOf(notifications, idOf(16)))
      remove(deadLetters, recordOf(deadLetters, idOf(0)))
      rewrite(recordOf(data, idOf(20)), (value) => Object.assign(value, { nombre: 'Skarlett' }))
    }),
  )
  expect(violations.length).toBeGreaterThan(4)
  expect(JSON.stringify(violations)).not.toMatch(/Abbey Road|S[ck]arlett|Morris|@|976-874/)
})
