import { expect, test } from 'vitest'
import { canonicalCheckout } from '../../../backbone/records/checkout.ts'
import { parseCheckout } from '../../../backbone/records/parse-checkout.ts'
import { boughtQuickly, didNotBuy } from '../../sample-checkouts.ts'
import { plainCheckout } from './plain-checkout.ts'

const { telefono: _, ...withoutTelephone } = boughtQuickly
const { taps: __, folio: ___, ...withoutPurchase } = boughtQuickly

const valid: unknown[] = [
  boughtQuickly,
  didNotBuy,
  withoutPurchase,
  Object.fromEntries(Object.entries(boughtQuickly).toReversed()),
  { ...boughtQuickly, extra: 1, nombre: `  ${'ñ'.repeat(80)} `, telefono: '' },
  { ...boughtQuickly, id: ' 062292FD7B7E3E688F29418E', email: ' Ana.Díaz@MAIL.com' },
  { ...boughtQuickly, edad: ' 44', taps: '45', folio: ' ' },
  { ...didNotBuy, taps: '', edad: 0 },
  { ...boughtQuickly, nombre: 'Mari\u0301a\nJose\u0301', apellido: '\u202eDíaz\u202c\u0007' },
  { ...boughtQuickly, recorrido: [] },
  { recorrido: [{ error: 51, otro: 1, segundos: '1068', etapa: ' pago' }], ...boughtQuickly },
  { ...boughtQuickly, recorrido: [{ etapa: '😀'.repeat(40), segundos: 1068, error: ' ' }] },
  { ...boughtQuickly, productovisto: '\u200b La\u0301mpara \u200b', telefono: '\u202a+56 9\u202c' },
]

const faulty: unknown[] = [
  withoutTelephone,
  { ...boughtQuickly, nombre: ' ' },
  { ...boughtQuickly, nombre: '\u200d' },
  { ...boughtQuickly, apellido: 'x'.repeat(81) },
  { ...boughtQuickly, edad: 131 },
  { ...boughtQuickly, edad: 1.5 },
  { ...boughtQuickly, edad: '' },
  { ...boughtQuickly, email: 'nobody' },
  { ...boughtQuickly, email: 'María José.Díaz@MAIL.com' },
  { ...boughtQuickly, productovisto: null },
  { ...boughtQuickly, productovisto: ['Lámpara'] },
  { ...boughtQuickly, ubicacion: ' Lakewood' },
  { ...boughtQuickly, ubicacion: { direccion: '', ciudad: '' } },
  { ...boughtQuickly, recorrido: 'pago' },
  { ...boughtQuickly, recorrido: Array.from({ length: 60 }, () => ({ etapa: 'pago', segundos: 1 })) },
  { ...boughtQuickly, recorrido: [[1], { etapa: {}, error: 5 }, { etapa: 'x'.repeat(41), segundos: -1 }] },
  { ...boughtQuickly, recorrido: [{ etapa: 'pago', segundos: Number.MAX_VALUE }] },
  { ...boughtQuickly, edad: 131, recorrido: [{ etapa: 'pago', segundos: 1, error: '51' }] },
]

const invalid: unknown[] = [
  [],
  null,
  'text',
  { ...didNotBuy, edad: 131 },
  { ...boughtQuickly, folio: null, edad: 131 },
  { ...boughtQuickly, id: '062292fd7b7e3e688f29418' },
  { ...boughtQuickly, taps: -1 },
  { ...boughtQuickly, taps: 'soon' },
  { ...boughtQuickly, folio: 'SRZ-550' },
  { ...boughtQuickly, folio: 5509 },
]

// Compared with the product's own parser: both were written independently from docs/reference/domain.md.
test.each([
  ...valid.map((value) => ({ value, is: 'valid' })),
  ...faulty.map((value) => ({ value, is: 'faulty purchase' })),
])('a value that the product accepts is read in the same way: $is $value', ({ value, is }) => {
  const parsed = parseCheckout(value)
  const plain = plainCheckout(JSON.stringify(value))
  if (parsed.is === 'invalid') throw new Error(JSON.stringify(parsed.faults))
  expect(parsed.is).toBe(is)
  expect(plain?.isFaulty).toBe(is === 'faulty purchase')
  expect(JSON.stringify(plain?.checkout)).toBe(canonicalCheckout(parsed.checkout))
})

test.each(invalid)('a value that the product rejects is rejected: %j', (value) => {
  expect(parseCheckout(value).is).toBe('invalid')
  expect(plainCheckout(JSON.stringify(value))).toBeUndefined()
})

test('invalid JSON or UTF-8 is rejected', () => {
  expect(plainCheckout('no JSON')).toBeUndefined()
  const broken = Buffer.from(JSON.stringify({ ...boughtQuickly, nombre: 'Ana ñ' }), 'latin1').toString()
  expect(plainCheckout(broken)).toBeUndefined()
})
