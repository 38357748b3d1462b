import { expect, test } from 'vitest'
import { findLost } from './acknowledged-not-lost.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { idOf, recordOf, remove, rewrite, type World } from './test-world.ts'

function lostAfter(breakIt: (world: World) => void) {
  const { ledger, data, outcomes } = evidenceAfter(breakIt)
  return findLost(ledger, data, outcomes)
}

const checkout = idOf(10)

test('an intact run lost nothing', () => {
  expect(lostAfter(() => undefined)).toEqual([])
})

test('a missing record of a 202 is reported, with the records around its offset', () => {
  const [violation, ...others] = lostAfter(({ data }) => remove(data, recordOf(data, checkout)))
  expect(others).toEqual([])
  expect(violation).toMatchObject({
    invariant: 'acknowledged-not-lost',
    what: 'DataTopic has no record at the offset of a 202',
    eventIds: [checkout],
  })
  expect(violation?.around.join('\n')).toContain(idOf(6))
  expect(violation?.around.join('\n')).toContain(idOf(14))
})

test('a 202 for the offset of another event is reported', () => {
  const violations = lostAfter(({ data }) => {
    const record = recordOf(data, checkout)
    record.headers = new Map([...record.headers, ['event-id', idOf(999)]])
  })
  expect(reported(violations)).toEqual([['another event is at the offset of a 202', checkout]])
})

test('a 202 for a record of another program is reported', () => {
  const violations = lostAfter(({ data }) => {
    recordOf(data, checkout).headers = new Map()
  })
  expect(reported(violations)).toEqual([['another event is at the offset of a 202', checkout]])
})

test('so it is when that record has the body, and thereby the event id', () => {
  const eventId = '1ae5547b225bc1601e50e57004afb52e'
  const violations = lostAfter(({ data, ledger }) => {
    const {
      partition,
      offset,
      value: body,
    } = data.find(({ headers }) => headers.size === 0) ?? recordOf(data, eventId)
    const acknowledgements = [{ eventId, partition, offset }]
    ledger.push({ number: 800, key: undefined, body, acknowledgements, attempts: 1 })
  })
  expect(reported(violations)).toEqual([['another event is at the offset of a 202', eventId]])
})

test('a 202 for another body is reported', () => {
  const violations = lostAfter(({ data }) =>
    rewrite(recordOf(data, checkout), (value) => Object.assign(value, { edad: 45 })),
  )
  expect(reported(violations)).toEqual([['another body is at the offset of a 202', checkout]])
})

test('an acknowledged checkout without an outcome is reported', () => {
  const violations = lostAfter(({ notifications }) =>
    remove(notifications, recordOf(notifications, checkout)),
  )
  expect(reported(violations)).toEqual([['an acknowledged checkout has no outcome', checkout]])
})

test('so is each 202 of a checkout that was acknowledged twice, and the same 202 only once', () => {
  const violations = lostAfter(({ notifications, ledger }) => {
    remove(notifications, recordOf(notifications, idOf(4)))
    for (const { acknowledgements } of ledger) acknowledgements.push(...acknowledgements)
  })
  expect(reported(violations)).toEqual([
    ['an acknowledged checkout has no outcome', idOf(4)],
    ['an acknowledged checkout has no outcome', idOf(4)],
  ])
})

test('a 202 for a body under the key of another one is reported when its conflict has no outcome', () => {
  const violations = lostAfter(({ notifications }) => {
    const conflict = notifications.find(({ key }) => key.startsWith(`${idOf(0)}-conflict-`))
    if (conflict) remove(notifications, conflict)
  })
  expect(reported(violations)).toEqual([['an acknowledged checkout has no outcome', idOf(0)]])
})
