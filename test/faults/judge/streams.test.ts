import { expect, test } from 'vitest'
import { findStreamFaults } from './streams.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { exchange, idOf, recordOf, remove, rewrite, type World } from './test-world.ts'

function faultsAfter(breakIt: (world: World) => void) {
  const { outcomes, streams } = evidenceAfter(breakIt)
  return findStreamFaults(outcomes, streams)
}

const outcome = idOf(16)

test('in an intact run the subscriber saw all', () => {
  expect(faultsAfter(() => undefined)).toEqual([])
})

test('an outcome that was missed is reported', () => {
  expect(reported(faultsAfter(({ streamed }) => remove(streamed, recordOf(streamed, outcome))))).toEqual([
    ['subscriber 7 missed an outcome', outcome],
  ])
})

test('so are all outcomes of a partition that delivered nothing', () => {
  const violations = faultsAfter((world) => {
    world.streamed = world.streamed.filter(({ partition }) => partition !== 0)
  })
  const ids = [idOf(0), idOf(1), idOf(4), idOf(5), idOf(8), idOf(9), '1ae5547b225bc1601e50e57004afb52e']
  expect(reported(violations)).toEqual(ids.map((id) => ['subscriber 7 missed an outcome', id]))
})

test('an outcome that was repeated is reported', () => {
  expect(reported(faultsAfter(({ streamed }) => streamed.push(recordOf(streamed, outcome))))).toEqual([
    ['subscriber 7 received an outcome twice', outcome],
  ])
})

test('an outcome after a later one is reported', () => {
  const violations = faultsAfter(({ streamed }) =>
    exchange(recordOf(streamed, outcome), recordOf(streamed, idOf(17))),
  )
  expect(reported(violations)).toEqual([['subscriber 7 received an outcome after a later one', outcome]])
})

test('an outcome that was altered is reported', () => {
  const violations = faultsAfter(({ streamed }) =>
    rewrite(recordOf(streamed, outcome), (value) => Object.assign(value, { message: 'Estimad@' })),
  )
  expect(reported(violations)).toEqual([['subscriber 7 received an altered outcome', outcome]])
})

test('an outcome that is not in Notifications is reported with its position', () => {
  const violations = faultsAfter(({ notifications }) =>
    remove(notifications, recordOf(notifications, outcome)),
  )
  expect(reported(violations)).toEqual([['subscriber 7 received an outcome that is not in Notifications']])
  expect(violations[0]?.around).toEqual(['source 1/4'])
})

test('a gap is reported', () => {
  const violations = faultsAfter(({ gaps }) => gaps.push('{"partition":1}'))
  expect(reported(violations)).toEqual([['subscriber 7 received a gap']])
})
