import { expect, test } from 'vitest'
import { findAnewFaults } from './classified-anew.ts'
import { evidenceAfter, told } from './test-evidence.ts'
import { exchange, idOf, recordOf, remove, rewrite, type World } from './test-world.ts'

function faultsAfter(breakIt: (world: World) => void) {
  const { outcomes, anew } = evidenceAfter(breakIt)
  return anew ? told(findAnewFaults(outcomes, anew)) : undefined
}

const outcome = idOf(13)

test('what is classified anew is the same, but for the time', () => {
  const { outcomes, anew } = evidenceAfter(() => undefined)
  const lines = [outcomes, anew].map((made) => made?.ofEvent(outcome)?.lineHash)
  expect(lines[0]).not.toBe(lines[1])
  expect(faultsAfter(() => undefined)).toEqual([])
})

test('an outcome that is missing anew is told', () => {
  expect(faultsAfter(({ anew }) => remove(anew, recordOf(anew, outcome)))).toEqual([
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
  const violations = faultsAfter(({ anew }) =>
    rewrite(recordOf(anew, outcome), (value) => Object.assign(value, change)),
  )
  expect(violations).toEqual([['classified again, an outcome differs', outcome]])
})

test('another order is told', () => {
  const violations = faultsAfter(({ anew }) => exchange(recordOf(anew, outcome), recordOf(anew, idOf(15))))
  expect(violations).toEqual([['classified again, outcomes are in another order', outcome]])
})

test('another partition is told', () => {
  const violations = faultsAfter(({ anew }) => {
    Object.assign(recordOf(anew, outcome), { partition: 2, offset: 1_000 })
  })
  expect(violations).toEqual([['classified again, an outcome is in another partition', outcome]])
})

test('a second outcome of a record is told', () => {
  const violations = faultsAfter(({ anew }) => anew.push({ ...recordOf(anew, outcome), offset: 1_000 }))
  expect(violations).toEqual([['classified again, a record has two outcomes', outcome]])
})
