import { expect, test } from 'vitest'
import { eventIdOfRedrive } from '../../backbone/records/event-id.ts'
import { redriveIn } from './redrive-in.ts'

const of = 'abc-p0-o7'
const at = '2026-11-29T10:00:00.000Z'
const headers = {
  'event-id': eventIdOfRedrive(of, 0),
  'redrive-of': of,
  'redrive-by': 'ops',
  'redrive-at': at,
}

test('headers name who sent a dead letter again', () => {
  expect(redriveIn(headers, 0)).toEqual({ of, by: 'ops', at })
})

test.each<[string, Record<string, string>]>([
  ['another event', { 'event-id': 'order-1' }],
  ['another dead letter', { 'redrive-of': 'abc-p0-o8' }],
  ['no event', { 'event-id': '' }],
  ['markup', { 'redrive-by': '<img src=x>' }],
  ['no time', { 'redrive-at': 'yesterday' }],
])('headers of another program do not: %s', (_, forged) => {
  expect(redriveIn({ ...headers, ...forged }, 0)).toBeUndefined()
  expect(redriveIn({}, 0)).toBeUndefined()
})

test('the one of a conflict stands in the partition of that conflict', () => {
  const conflict = 'abc-conflict-7'
  const ofConflict = { ...headers, 'redrive-of': conflict, 'event-id': eventIdOfRedrive(conflict, 2) }
  expect(redriveIn(ofConflict, 2)).toEqual({ of: conflict, by: 'ops', at })
  expect(redriveIn({ ...ofConflict, 'redrive-of': `${conflict}-p2` }, 2)).toMatchObject({ by: 'ops' })
  expect(redriveIn(ofConflict, 1)).toBeUndefined()
})
