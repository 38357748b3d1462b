import { expect, test } from 'vitest'
import { findDeadLetterFaults } from './dead-letters.ts'
import type { LoggedRecord } from './logged-record.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { recordOf, remove, rewrite, type World } from './test-world.ts'

function faultsAfter(breakIt: (world: World) => void) {
  const { dataTopic, data, outcomes, deadLetters } = evidenceAfter(breakIt)
  return reported(findDeadLetterFaults(dataTopic, data, outcomes, deadLetters))
}

const conflict = 'event-000-conflict-10'
const ofConflict = ({ deadLetters }: World): LoggedRecord => recordOf(deadLetters, 'event-000')

const setHeader = (letter: LoggedRecord, name: string, value: string) => {
  letter.headers = new Map([...letter.headers, [name, value]])
}

test('in an intact run each invalid outcome has its dead letter', () => {
  expect(faultsAfter(() => undefined)).toEqual([])
})

test('an invalid outcome without a dead letter is reported', () => {
  expect(faultsAfter((world) => remove(world.deadLetters, ofConflict(world)))).toEqual([
    ['an invalid outcome has no dead letter', conflict],
  ])
})

test('a second dead letter is reported', () => {
  expect(faultsAfter((world) => world.deadLetters.push({ ...ofConflict(world), offset: 50 }))).toEqual([
    ['an invalid outcome has more than one dead letter', conflict],
  ])
})

test('other bytes than those of the record are reported', () => {
  const violations = faultsAfter((world) =>
    rewrite(ofConflict(world), (value) => Object.assign(value, { edad: 45 })),
  )
  expect(violations).toEqual([['a dead letter has other bytes than its record', conflict]])
})

test('a missing reason is reported', () => {
  expect(faultsAfter((world) => setHeader(ofConflict(world), 'reason', ''))).toEqual([
    ['a dead letter has no reason', conflict],
  ])
})

test('a dead letter whose record has no invalid outcome is reported', () => {
  const violations = faultsAfter((world) => {
    const letter = { ...ofConflict(world), offset: 50 }
    setHeader(letter, 'source', 'DataTopic/0/2')
    world.deadLetters.push(letter)
  })
  expect(violations).toEqual([['a dead letter has no invalid outcome']])
})

test('one that names another topic belongs to no outcome', () => {
  expect(faultsAfter((world) => setHeader(ofConflict(world), 'source', 'Other/0/10'))).toEqual([
    ['an invalid outcome has no dead letter', conflict],
    ['a dead letter has no invalid outcome'],
  ])
})
