import { expect, test } from 'vitest'
import { findFollowUpFaults } from './follow-ups.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { remove, rewrite, type World } from './test-world.ts'

function faultsAfter(breakIt: (world: World) => void) {
  const { outcomes, followUps } = evidenceAfter(breakIt)
  return reported(findFollowUpFaults(outcomes, followUps))
}

const first = ({ followUps }: World) => {
  const [record] = followUps
  if (!record) throw new Error('nothing is followed up in this world')
  return record
}

test('in an intact run each slow and each unverified outcome is followed up', () => {
  const { followUps } = evidenceAfter(() => undefined)
  expect(new Set([...followUps.log.all()].map(({ kind }) => kind))).toEqual(new Set(['slow', 'unverified']))
  expect(faultsAfter(() => undefined)).toEqual([])
})

test('one that is missing is reported', () => {
  let eventId = ''
  const faults = faultsAfter((world) => {
    eventId = first(world).key
    remove(world.followUps, first(world))
  })
  expect(faults).toEqual([['an outcome has no follow-up', eventId]])
})

test('one that is there twice is reported', () => {
  let eventId = ''
  const faults = faultsAfter((world) => {
    eventId = first(world).key
    world.followUps.push({ ...first(world), offset: 50 })
  })
  expect(faults).toEqual([['an outcome has more than one follow-up', eventId]])
})

test('one that was altered is reported', () => {
  let eventId = ''
  const faults = faultsAfter((world) => {
    eventId = first(world).key
    rewrite(first(world), (value) => Object.assign(value, { receivedAt: '2026-11-30T00:00:59.000Z' }))
  })
  expect(faults).toEqual([['a follow-up differs from its outcome', eventId]])
})

test('a follow-up without need is reported', () => {
  let eventId = ''
  const faults = faultsAfter((world) => {
    const quick = world.notifications.find(({ value }) => value.includes('"kind":"quick"'))
    eventId = quick?.key ?? ''
    if (quick) world.followUps.push({ ...quick, offset: 50 })
  })
  expect(faults).toEqual([['a follow-up has no outcome', eventId]])
})
