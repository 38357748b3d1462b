import { expect, test } from 'vitest'
import { findReclassifiedFaults } from './reclassified.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { exchange, idOf, recordOf, remove, rewrite, type World } from './test-world.ts'

function faultsAfter(breakIt: (world: World) => void) {
  const { outcomes, reclassified } = evidenceAfter(breakIt)
  return reclassified ? reported(findReclassifiedFaults(outcomes, reclassified)) : undefined
}

const outcome = idOf(13)

test('a second classification gives the same outcomes, except for the time', () => {
  const { outcomes, reclassified } = evidenceAfter(() => undefined)
  const lines = [outcomes, reclassified].map((made) => made?.ofEvent(outcome)?.lineHash)
  expect(lines[0]).not.toBe(lines[1])
  expect(faultsAfter(() => undefined)).toEqual([])
})

test('an outcome missing in the second classification is reported', () => {
  expect(faultsAfter(({ reclassified }) => remove(reclassified, recordOf(reclassified, outcome)))).toEqual([
    ['classified again, an outcome is missing', outcome],
  ])
})

test('an additional outcome is reported', () => {
  expect(faultsAfter(({ notifications }) => remove(notifications, recordOf(notifications, outcome)))).toEqual(
    [['classified again, there is an additional outcome', outcome]],
  )
})

test.each([
  ['kind', { kind: 'quick' }],
  ['event id', { eventId: 'other' }],
  ['time of receiving', { receivedAt: '2026-11-30T00:00:00.999Z' }],
])('another %s is reported', (_, change) => {
  const violations = faultsAfter(({ reclassified }) =>
    rewrite(recordOf(reclassified, outcome), (value) => Object.assign(value, change)),
  )
  expect(violations).toEqual([['classified again, an outcome differs', outcome]])
})

test('another order is reported', () => {
  const violations = faultsAfter(({ reclassified }) =>
    exchange(recordOf(reclassified, outcome), recordOf(reclassified, idOf(15))),
  )
  expect(violations).toEqual([['classified again, outcomes are in another order', outcome]])
})

test('another partition is reported', () => {
  const violations = faultsAfter(({ reclassified }) => {
    Object.assign(recordOf(reclassified, outcome), { partition: 2, offset: 1_000 })
  })
  expect(violations).toEqual([['classified again, an outcome is in another partition', outcome]])
})

test('a second outcome of a record is reported', () => {
  const violations = faultsAfter(({ reclassified }) =>
    reclassified.push({ ...recordOf(reclassified, outcome), offset: 1_000 }),
  )
  expect(violations).toEqual([['classified again, a record has two outcomes', outcome]])
})
