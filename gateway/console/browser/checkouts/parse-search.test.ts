import { expect, test } from 'vitest'
import { parseSearch, type Search } from './parse-search.ts'

const CUSTOMER = '062292fd7b7e3e688f29418e'
const EVENT = '18ac5778df063ffe7f18dd83a47329d4'

test.each<[string, Search]>([
  ['', {}],
  ['  ', {}],
  [EVENT, { eventId: EVENT }],
  [` ${EVENT}-conflict-17 `, { eventId: `${EVENT}-conflict-17` }],
  ['order_7', { eventId: 'order_7' }],
  ['SRZ-5509', { folio: 'SRZ-5509' }],
  ['srz-5509', { folio: 'SRZ-5509' }],
  ['SRZ-55091', { eventId: 'SRZ-55091' }],
  [CUSTOMER.toUpperCase(), { customer: CUSTOMER }],
  [`${CUSTOMER}0`, { eventId: `${CUSTOMER}0` }],
  [`order-1001 ${CUSTOMER}`, { customer: CUSTOMER, idempotencyKey: 'order-1001' }],
  [`${CUSTOMER.toUpperCase()}\t"order \\"1"`, { product: `${CUSTOMER.toUpperCase()}\t"order \\"1"` }],
  [`${CUSTOMER} "order-\\"1"`, { customer: CUSTOMER, idempotencyKey: 'order-"1' }],
  [`${CUSTOMER} srz-5509`, { customer: CUSTOMER, folio: 'SRZ-5509' }],
  [`${CUSTOMER} ñandú`, { product: `${CUSTOMER} ñandú` }],
  ['Silla', { product: 'Silla' }],
  ['Lámpara', { product: 'Lámpara' }],
  [' Colchón de espuma ', { product: 'Colchón de espuma' }],
  ['a'.repeat(192), { product: 'a'.repeat(192) }],
  ['1'.repeat(192), { eventId: '1'.repeat(192) }],
  ['1'.repeat(193), { product: '1'.repeat(193) }],
])('%j is %j', (text, search) => {
  expect(parseSearch(text)).toEqual(search)
})
