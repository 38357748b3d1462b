import { expect, test } from 'vitest'
import { findReclassifiedFaults } from './reclassified.ts'
import { evidenceAfter, told } from './test-evidence.ts'
import { exchange, idOf, recordOf, remove, rewrite, type World } from './test-world.ts'

function faultsAfter(breakIt: (world: World) => void) {
  const { outcomes, reclassified } = evidenceAfter(breakIt)
  return reclassified ? told(findReclassifiedFaults(outcomes, reclassified)) : undefined
}

const outcome = idOf(13)

test('what is classified anew is the same, but for the time', () => {
  const { outcomes, reclassified } = evidenceAfter(() => undefined)
  const lines = [outcomes, reclassified].map((made) => made?.ofEvent(outcome)?.lineHash)
  expect(lines[0]).not.toBe(lines[1])
  expect(faultsAfter(() => undefined)).toEqual([])
})

test('an outcome that is missing anew is told', () => {
  expect(faultsAfter(({ reclassified }) => remove(reclassified, recordOf(reclassified, outcome)))).toEqual([
    ['classified again, an outcome is missing', outcome],
  ])
})

test('an outcome that there was not before is told', () => {
  expect(faultsAfter(({ notifications }) => remove(notifications, recordOf(notifications, outcome)))).toEqual(
    [['classified again, there is an additional outcome', outcome]],
  )
})

test.each([
  ['kind', { kind: 'quick' }],
  ['event id', { eventId: 'other' }],
  ['time of receiving', { receivedAt: '2026-11-30T00:00:00.999Z' }],
])('another %s is told', (_, change) => {
  const violations = faultsAfter(({ reclassified }) =>
    rewrite(recordOf(reclassified, outcome), (value) => Object.assign(value, change)),
  )
  expect(violations).toEqual([['classified again, an outcome differs', outcome]])
})

test('another order is told', () => {
  const violations = faultsAfter(({ reclassified }) =>
    exchange(recordOf(reclassified, outcome), recordOf(reclassified, idOf(15))),
  )
  expect(violations).toEqual([['classified again, outcomes are in another order', outcome]])
})

test('another partition is told', () => {
  const violations = faultsAfter(({ reclassified }) => {
    Object.assign(recordOf(reclassified, outcome), { partition: 2, offset: 1_000 })
  })
  expect(violations).toEqual([['classified again, an outcome is in another partition', outcome]])
})

test('a second outcome of a record is told', () => {
  const violations = faultsAfter(({ reclassified }) =>
    reclassified.push({ ...recordOf(reclassified, outcome), offset: 1_000 }),
  )
  expect(violations).toEqual([['classified again, a record has two outcomes', outcome]])
})
