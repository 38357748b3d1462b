import { expect, test } from 'vitest'
import { canonicalCheckout, incomingCheckoutSchema } from '../../../backbone/checkout.ts'
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
]

const invalid: unknown[] = [
  withoutTelephone,
  [],
  null,
  'text',
  { ...boughtQuickly, id: '062292fd7b7e3e688f29418' },
  { ...boughtQuickly, nombre: ' ' },
  { ...boughtQuickly, apellido: 'x'.repeat(81) },
  { ...boughtQuickly, edad: 131 },
  { ...boughtQuickly, edad: 1.5 },
  { ...boughtQuickly, edad: '' },
  { ...boughtQuickly, email: 'nobody' },
  { ...boughtQuickly, productovisto: null },
  { ...boughtQuickly, ubicacion: 'Lakewood' },
  { ...boughtQuickly, ubicacion: { direccion: '', ciudad: '' } },
  { ...boughtQuickly, taps: -1 },
  { ...boughtQuickly, taps: 'soon' },
  { ...boughtQuickly, folio: 'SRZ-550' },
  { ...boughtQuickly, folio: 5509 },
]

// The product's own reading is the counterpart here: the two were written apart from DOMAIN.md.
test.each(valid)('what the product takes is read as the product reads it: %j', (value) => {
  const { checkout } = incomingCheckoutSchema.parse(value)
  expect(JSON.stringify(plainCheckout(JSON.stringify(value)))).toBe(canonicalCheckout(checkout))
})

test.each(invalid)('what the product refuses is refused: %j', (value) => {
  expect(incomingCheckoutSchema.safeParse(value).success).toBe(false)
  expect(plainCheckout(JSON.stringify(value))).toBeUndefined()
})

test('what is no JSON, or no UTF-8, is refused', () => {
  expect(plainCheckout('no JSON')).toBeUndefined()
  const broken = Buffer.from(JSON.stringify({ ...boughtQuickly, nombre: 'Ana ñ' }), 'latin1').toString()
  expect(plainCheckout(broken)).toBeUndefined()
})
