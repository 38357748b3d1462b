import { expect, test } from 'vitest'
import { z } from 'zod'
import { faultsOf } from './checkout-faults.ts'
import { limitedText } from './limited-text.ts'

const schema = z.object({
  nombre: limitedText(1, 5),
  canal: limitedText(0, 5).optional(),
  codigo: z
    .string()
    .regex(/^[A-Z]+$/, 'must be capital letters')
    .nullish(),
})

function faultOf(fields: object) {
  const value = { nombre: 'Ana', ...fields }
  return faultsOf(schema, schema.safeParse(value).error?.issues ?? [], value)
}

test.each([undefined, null, ''])('a required field is missing if it is %j', (nombre) => {
  expect(faultOf({ nombre })).toEqual([{ pointer: '/nombre', code: 'missing', detail: 'is missing' }])
})

test('an optional field is never missing', () => {
  expect(faultOf({})).toEqual([])
  expect(faultOf({ canal: null })).toEqual([{ pointer: '/canal', code: 'type', detail: 'must be text' }])
  expect(faultOf({ codigo: '' })).toEqual([
    { pointer: '/codigo', code: 'format', detail: 'must be capital letters' },
  ])
})

test('a text over its limit has a fault of its length, in characters', () => {
  expect(faultOf({ canal: '😀😀😀😀😀' })).toEqual([])
  expect(faultOf({ canal: '123456' })).toEqual([
    { pointer: '/canal', code: 'length', detail: 'must have at most 5 characters' },
  ])
})
