import { expect, test } from 'vitest'
import { findDisorder } from './order.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { exchange, idOf, recordOf } from './test-world.ts'

test('an intact run is in order', () => {
  expect(findDisorder(evidenceAfter(() => undefined).outcomes)).toEqual([])
})

test('two outcomes of one partition in the wrong order are reported', () => {
  const { outcomes } = evidenceAfter(({ notifications }) =>
    exchange(recordOf(notifications, idOf(13)), recordOf(notifications, idOf(15))),
  )
  expect(reported(findDisorder(outcomes))).toEqual([
    ['an outcome comes after one of a later record', idOf(15), idOf(13)],
  ])
})

test('an outcome that occurs twice in a row is reported', () => {
  const { outcomes } = evidenceAfter(({ notifications }) => {
    const outcome = recordOf(notifications, idOf(13))
    notifications.splice(notifications.indexOf(outcome), 0, { ...outcome, offset: outcome.offset - 1 })
  })
  expect(reported(findDisorder(outcomes))).toEqual([
    ['an outcome comes after one of a later record', idOf(13), idOf(13)],
  ])
})

test('one that strayed there from another partition disturbs no order', () => {
  const { outcomes } = evidenceAfter(({ notifications }) => {
    const stray = recordOf(notifications, idOf(11))
    const place = recordOf(notifications, idOf(13))
    notifications.splice(notifications.indexOf(place) + 1, 0, {
      ...stray,
      partition: 1,
      offset: place.offset + 1,
    })
  })
  expect(findDisorder(outcomes)).toEqual([])
})
