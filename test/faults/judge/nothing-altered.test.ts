import { expect, test } from 'vitest'
import { findAltered } from './nothing-altered.ts'
import { evidenceAfter, reported } from './test-evidence.ts'
import { idOf, recordOf, rewrite, type World } from './test-world.ts'

function alteredAfter(breakIt: (world: World) => void) {
  const { ledger, data, outcomes } = evidenceAfter(breakIt)
  return reported(findAltered(ledger, data, outcomes))
}

const rewriteOutcome = (eventId: string, change: (outcome: Record<string, unknown>) => void) =>
  alteredAfter(({ notifications }) => rewrite(recordOf(notifications, eventId), change))

const checkout = idOf(13)
const conflict = `${idOf(0)}-conflict-10`
const plain = '1ae5547b225bc1601e50e57004afb52e'

test('in an intact run nothing is altered', () => {
  expect(alteredAfter(() => undefined)).toEqual([])
})

test('a body in DataTopic that no client sent is reported, and so is the outcome without it', () => {
  const violations = alteredAfter(({ data }) =>
    rewrite(recordOf(data, checkout), (value) => Object.assign(value, { nombre: 'Scarlet' })),
  )
  expect(violations).toEqual([
    ['a gateway stored a body that nobody sent', checkout],
    ['the checkout of an outcome differs from that of its record', checkout],
  ])
})

test.each([
  ['another value', { edad: 45 }],
  ['another type', { edad: '44' }],
  ['a value within another', { ubicacion: { direccion: '13 Abbey Road', ciudad: 'Lakewood', pais: 'X' } }],
  ['a field more', { extra: null }],
  ['a field less', { telefono: undefined }],
])('a checkout in an outcome with %s is reported', (_, change) => {
  for (const eventId of [checkout, plain]) {
    const violations = rewriteOutcome(eventId, (outcome) => {
      outcome.checkout = { ...(outcome.checkout as object), ...change }
    })
    expect(violations).toEqual([['the checkout of an outcome differs from that of its record', eventId]])
  }
})

test('faults that an outcome omits or invents are reported', () => {
  const isFaulty = ({ value }: { value: string }) => value.includes('"faults":')
  const faultyId = (world: World) => world.notifications.find(isFaulty)?.key ?? ''
  let eventId = ''
  const forgotten = alteredAfter((world) => {
    eventId = faultyId(world)
    rewrite(recordOf(world.notifications, eventId), (outcome) =>
      Object.assign(outcome, { faults: undefined }),
    )
  })
  expect(eventId).not.toBe('')
  expect(forgotten).toEqual([['the faults of an outcome differ from those of its record', eventId]])
  const invented = rewriteOutcome(plain, (outcome) => Object.assign(outcome, { faults: [] }))
  expect(invented).toEqual([['the faults of an outcome differ from those of its record', plain]])
})

test('a faulty purchase that was classified as invalid is reported', () => {
  let eventId = ''
  const violations = alteredAfter(({ notifications }) => {
    eventId = notifications.find(({ value }) => value.includes('"faults":'))?.key ?? ''
    rewrite(recordOf(notifications, eventId), (outcome) =>
      Object.assign(outcome, { kind: 'invalid', checkout: null, faults: undefined }),
    )
  })
  expect(violations).toEqual([['a valid checkout was classified as invalid', eventId]])
})

test('a checkout with its fields in another order is reported', () => {
  const violations = rewriteOutcome(checkout, (outcome) => {
    const { id, ...others } = outcome.checkout as { id: string }
    outcome.checkout = { ...others, id }
  })
  expect(violations).toEqual([['the checkout of an outcome differs from that of its record', checkout]])
})

test.each([
  ['kind', { kind: 'quick' }],
  ['message', { message: 'Estimad@ Scarlett' }],
  ['absent message', { message: null }],
])('another %s than docs/reference/domain.md says is reported', (_, change) => {
  expect(rewriteOutcome(checkout, (outcome) => Object.assign(outcome, change))).toEqual([
    ['kind or message do not match the checkout', checkout],
  ])
})

test.each([
  ['of the gateway', checkout],
  ['of another program', plain],
])('a valid checkout %s that was classified as invalid is reported', (_, eventId) => {
  const refusal = { kind: 'invalid', checkout: null, message: null }
  expect(rewriteOutcome(eventId, (outcome) => Object.assign(outcome, refusal))).toEqual([
    ['a valid checkout was classified as invalid', eventId],
  ])
})

test('garbage and conflicts that were classified are reported', () => {
  const garbage = createGarbageId()
  for (const eventId of [garbage, conflict]) {
    expect(rewriteOutcome(eventId, (outcome) => Object.assign(outcome, { kind: 'none' }))).toEqual([
      ['an invalid record was classified', eventId],
    ])
  }
})

test.each([
  ['message', { message: 'Estimad@' }],
  ['checkout', { checkout: { id: '1' } }],
])('an invalid outcome with a %s is reported', (_, change) => {
  expect(rewriteOutcome(conflict, (outcome) => Object.assign(outcome, change))).toEqual([
    ['an invalid outcome has a checkout or a message', conflict],
  ])
})

test('another key than the event id is reported', () => {
  const violations = alteredAfter(({ notifications }) => {
    recordOf(notifications, checkout).key = 'another'
  })
  expect(violations).toEqual([['the key of an outcome is not its event id', checkout]])
})

test('an outcome in another partition than its record is reported', () => {
  const violations = alteredAfter(({ notifications }) => {
    Object.assign(recordOf(notifications, checkout), { partition: 2, offset: 1_000 })
  })
  expect(violations).toEqual([['an outcome is in another partition than its record', checkout]])
})

test('another time of receiving is reported, where the record has one', () => {
  const change = { receivedAt: '2026-11-30T00:00:00Z' }
  expect(rewriteOutcome(checkout, (outcome) => Object.assign(outcome, change))).toEqual([
    ['receivedAt of an outcome differs from that of its record', checkout],
  ])
  expect(rewriteOutcome(plain, (outcome) => Object.assign(outcome, change))).toEqual([])
})

test.each([
  ['without a value and without a claim', 'null'],
  ['that is no JSON', 'garbage'],
  [
    'that lacks its event id',
    JSON.stringify({ kind: 'none', receivedAt: '', checkout: null, source: { partition: 0, offset: 0 } }),
  ],
  ['that lacks its source', JSON.stringify({ eventId: 'x', kind: 'none', receivedAt: '', checkout: null })],
  [
    'of an unknown kind',
    JSON.stringify({ eventId: 'x', kind: 'fast', receivedAt: '', source: { partition: 0, offset: 0 } }),
  ],
])('a record of Notifications %s is reported', (_, value) => {
  const violations = alteredAfter(({ notifications }) => {
    notifications.push({ partition: 0, offset: 1_000, timestamp: 0, key: 'x', value, headers: new Map() })
  })
  expect(violations).toEqual([['a record of Notifications is neither an outcome nor a claim']])
})

function createGarbageId(): string {
  const ids = [...evidenceAfter(() => undefined).outcomes.log.all()].map(({ eventId }) => eventId)
  return ids.find((id) => id.endsWith('-p2-o10')) ?? ''
}
