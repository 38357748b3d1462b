import { expect, test } from 'vitest'
import { awkwardCases } from './awkward-cases.ts'
import { makeEvents } from './make-events.ts'

test('a seed always makes the same events, another seed others', () => {
  expect(makeEvents(500, 1)).toEqual(makeEvents(500, 1))
  expect(makeEvents(500, 2)).not.toEqual(makeEvents(500, 1))
})

test('three of five events are ordinary, and every awkward case is among the others', () => {
  const events = makeEvents(5_000, 1)
  expect(events).toHaveLength(5_000)
  const shareOfOrdinary = events.filter((event) => event.case === 'ordinary').length / 5_000
  expect(shareOfOrdinary).toBeCloseTo(0.6, 1)
  const names = new Set(events.map((event) => event.case))
  const again = awkwardCases.flatMap((awkward) => awkward.again?.name ?? [])
  expect([...awkwardCases.map(({ name }) => name), ...again].filter((name) => !names.has(name))).toEqual([])
})

test('the second record of an event follows the first one', () => {
  const events = makeEvents(5_000, 1)
  const at = events.findIndex((event) => event.case === 'same event id, other body')
  expect(events[at - 1]).toMatchObject({
    case: 'contradicted later',
    event: events[at]?.event,
    eventId: events[at]?.eventId,
  })
})
