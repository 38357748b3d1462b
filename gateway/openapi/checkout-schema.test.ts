import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { checkoutSchema } from '../../backbone/records/checkout.ts'
import { fieldCorrections } from '../../backbone/records/correct-checkout.ts'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { checkout } from './checkout-schema.ts'

// `email` is described only by a format: the pattern of the code uses look-behind, which few tools support.
const isDescribed = new Ajv2020({ strict: false, formats: { email: true } }).compile(checkout)

const ages = Array.from({ length: 140 }, (_, n) => n - 5)
const names = ['', ' ', 'a', ' a ', 'a b', '\ta\n', 'x'.repeat(80), ` ${'x'.repeat(80)}\n`, 'x'.repeat(81)]
const place = boughtQuickly.ubicacion
const stage = { etapa: 'pago', segundos: 1 }

const values: Partial<Record<string, unknown[]>> = {
  id: [...['a', 'A', 'g'].map((digit) => digit.repeat(24)), ` ${'aB'.repeat(12)}\n`, 'a'.repeat(23), 7, ''],
  nombre: names,
  apellido: names,
  edad: [...ages, ...ages.map(String), ' 44 ', '044', '44.0', '44.5', 44.5, '-0', '1e1', '', 'x'],
  telefono: ['', '+56 2', 5],
  ubicacion: [
    { ...place, pais: ' Chile ' },
    { ...place, pais: 5 },
    { ...place, ciudad: undefined },
    { ...place, calle: 1 },
    'Chile',
    [],
  ],
  productovisto: ['', 'Mesa', 5],
  taps: [0, 17.8, -1, '17.8', ' 17.8 ', '', ' ', '0', '-0', '-1', '1e3', 'x', true],
  folio: ['SRZ-5509', ' SRZ-5509 ', '', ' ', 'srz-5509', 'SRZ-550', 5],
  recorrido: [
    '',
    ' ',
    'pago',
    ...[50, 51].map((count) => Array.from({ length: count }, () => stage)),
    ...[null, 'pago', {}, [], { ...stage, otro: 1 }, { etapa: 'pago' }, { segundos: 1 }].map((sent) => [
      sent,
    ]),
    ...[...names, ' ', `${'x'.repeat(40)} `, 'x'.repeat(41), 7, null].map((etapa) => [{ ...stage, etapa }]),
    ...[0, 1.5, -1, '1.5', ' 1 ', '-1', '-0', '', '1e3', 1e308, null].map((segundos) => [
      { ...stage, segundos },
    ]),
    ...['51', ' 51 ', '', ' ', 'x'.repeat(40), 'x'.repeat(41), null, 51, -1, 51.5, 2 ** 53, true, []].map(
      (error) => [{ ...stage, error }],
    ),
  ],
}

describe.each(Object.keys(checkoutSchema.shape))('%s', (field) => {
  test.each([...(values[field] ?? []), null, undefined, {}, [], false].map((value) => [value]))(
    '%j is accepted as it is described',
    (value) => {
      const sent: unknown = JSON.parse(JSON.stringify({ ...boughtQuickly, [field]: value }))
      expect(isDescribed(sent)).toBe(parseCheckout(sent).is === 'valid')
    },
  )
})

test('has the fields in canonical order, as their corrections do', () => {
  const fields = Object.keys(checkoutSchema.shape)
  expect(Object.keys(checkout.properties)).toEqual([...fields, 'idempotencyKey'])
  expect(Object.keys(fieldCorrections.ubicacion)).toEqual(Object.keys(checkoutSchema.shape.ubicacion.shape))
})
