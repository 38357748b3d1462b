import { expect, test } from 'vitest'
import { findDoubled } from './one-outcome.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { idOf, recordOf, remove, rewrite, type World } from './test-world.ts'

function doubledAfter(breakIt: (world: World) => void) {
  const { ledger, data, outcomes } = evidenceAfter(breakIt)
  return reported(findDoubled(ledger, data, outcomes))
}

/** Appends a second outcome like that of an event to its partition. */
function copyOutcome({ notifications }: World, eventId: string) {
  const copy = structuredClone(recordOf(notifications, eventId))
  copy.offset = 1_000
  notifications.push(copy)
  return copy
}

function renameOutcome({ notifications }: World, eventId: string, to: string) {
  const outcome = recordOf(notifications, eventId)
  outcome.key = to
  rewrite(outcome, (value) => Object.assign(value, { eventId: to }))
  return outcome
}

const repetitionOf = ({ data }: World, eventId: string) =>
  data.findLast(({ headers }) => headers.get('event-id') === eventId)

const garbageOutcome = ({ notifications }: World) =>
  notifications.find(({ key }) => key.endsWith('-p2-o10')) ?? recordOf(notifications, 'garbage')

test('in an intact run every record has its one outcome', () => {
  expect(doubledAfter(() => undefined)).toEqual([])
})

test('a second outcome of one event is reported', () => {
  expect(doubledAfter((world) => copyOutcome(world, idOf(13)))).toEqual([
    ['an event has two outcomes', idOf(13)],
  ])
})

test('so is one that a repetition was given', () => {
  const violations = doubledAfter((world) => {
    const offset = repetitionOf(world, idOf(13))?.offset
    rewrite(copyOutcome(world, idOf(13)), (value) =>
      Object.assign(value, { source: { partition: 1, offset } }),
    )
  })
  expect(violations).toEqual([['an event has two outcomes', idOf(13)]])
})

test('a second outcome of one record under another event id is two outcomes of its checkout, too', () => {
  const violations = doubledAfter((world) => {
    const copy = copyOutcome(world, idOf(16))
    copy.key = 'other'
    rewrite(copy, (value) => Object.assign(value, { eventId: 'other' }))
  })
  expect(violations).toEqual([
    ['a record has two outcomes', idOf(16), 'other'],
    ['a checkout has two outcomes under different event ids', idOf(16), 'other'],
  ])
})

test('an outcome without a record in DataTopic is reported', () => {
  const violations = doubledAfter((world) => {
    const copy = copyOutcome(world, idOf(16))
    copy.key = 'invented'
    rewrite(copy, (value) =>
      Object.assign(value, {
        eventId: 'invented',
        source: { partition: 1, offset: 99 },
        checkout: { ...(value.checkout as object), edad: 77 },
      }),
    )
  })
  expect(violations).toEqual([['an outcome has no record in DataTopic', 'invented']])
})

test.each([
  ['a checkout', idOf(17)],
  ['the first of two equal ones', idOf(13)],
])('%s without an outcome is reported', (_, eventId) => {
  const violations = doubledAfter(({ notifications }) =>
    remove(notifications, recordOf(notifications, eventId)),
  )
  expect(violations).toEqual([['a record has no outcome', eventId]])
})

test('a conflict without an outcome is reported', () => {
  const conflict = `${idOf(0)}-conflict-10`
  const violations = doubledAfter(({ notifications }) =>
    remove(notifications, recordOf(notifications, conflict)),
  )
  expect(violations).toEqual([['a record has no outcome', conflict]])
})

test('garbage without an outcome is reported, with its offset', () => {
  const { ledger, data, outcomes } = evidenceAfter((world) =>
    remove(world.notifications, garbageOutcome(world)),
  )
  const violations = findDoubled(ledger, data, outcomes)
  expect(reported(violations)).toEqual([['a record has no outcome']])
  expect(violations[0]?.around.at(-1)).toMatch(/^> DataTopic 2\/10 - invalid plain /)
})

test('an outcome from a repetition instead of the first record is reported', () => {
  const violations = doubledAfter((world) => {
    const offset = repetitionOf(world, idOf(13))?.offset
    rewrite(recordOf(world.notifications, idOf(13)), (value) =>
      Object.assign(value, { source: { partition: 1, offset } }),
    )
  })
  expect(violations).toEqual([['the outcome of an event is not from its first record', idOf(13)]])
})

test('an outcome of a repetition with its own id is reported', () => {
  const violations = doubledAfter((world) => {
    const offset = repetitionOf(world, idOf(13))?.offset
    const copy = copyOutcome(world, idOf(13))
    copy.key = 'conflict'
    rewrite(copy, (value) =>
      Object.assign(value, { eventId: 'conflict', checkout: null, source: { partition: 1, offset } }),
    )
  })
  expect(violations).toEqual([['a repetition has an outcome of its own', 'conflict']])
})

test.each([
  ['a checkout', idOf(17)],
  ['a conflict', `${idOf(0)}-conflict-10`],
  ['a plain record away from home', '1ae5547b225bc1601e50e57004afb52e-p1'],
])('an outcome of %s under another event id is reported', (_, eventId) => {
  expect(doubledAfter((world) => renameOutcome(world, eventId, 'other'))).toEqual([
    ['an outcome has another event id than its record', eventId, 'other'],
  ])
})

test('one checkout that was stored under two event ids is reported', () => {
  const other = idOf(500)
  const violations = doubledAfter((world) => {
    const repetition = repetitionOf(world, idOf(13))
    if (!repetition) return
    repetition.headers = new Map([...repetition.headers, ['event-id', other]])
    const copy = copyOutcome(world, idOf(13))
    copy.key = other
    rewrite(copy, (value) =>
      Object.assign(value, { eventId: other, source: { partition: 1, offset: repetition.offset } }),
    )
  })
  expect(violations).toEqual([['a checkout has two outcomes under different event ids', idOf(13), other]])
})
