import { describe, expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { correctCheckout } from './correct-checkout.ts'

const correct = (fields: object) => correctCheckout({ ...boughtQuickly, ...fields })

test.each([
  [{ id: '062292FD7B7E3E688F29418E' }, { id: boughtQuickly.id }, '/id', 'lower-cased'],
  [{ nombre: ' Ana\u00a0' }, { nombre: 'Ana' }, '/nombre', 'trimmed'],
  [{ apellido: '\tSoto' }, { apellido: 'Soto' }, '/apellido', 'trimmed'],
  [{ edad: '44' }, { edad: 44 }, '/edad', 'text to number'],
  [{ email: 'Ana.Soto@MAIL.Com' }, { email: 'Ana.Soto@mail.com' }, '/email', 'lower-cased'],
  [{ email: 'a@B@Mail.com' }, { email: 'a@B@mail.com' }, '/email', 'lower-cased'],
  [{ telefono: ' +56 2' }, { telefono: '+56 2' }, '/telefono', 'trimmed'],
  [{ productovisto: 'Mesa ' }, { productovisto: 'Mesa' }, '/productovisto', 'trimmed'],
  [{ taps: '17.8' }, { taps: 17.8 }, '/taps', 'text to number'],
  [{ taps: '' }, { taps: null }, '/taps', 'empty to null'],
  [{ folio: '' }, { folio: null }, '/folio', 'empty to null'],
])('corrects %j to %j and reports it', (fields, corrected, pointer, correction) => {
  expect(correct(fields)).toEqual({
    value: { ...boughtQuickly, ...corrected },
    corrections: [{ pointer, correction }],
  })
})

test('reports every correction of a field', () => {
  expect(correct({ id: ' 062292FD7B7E3E688F29418E', edad: ' 44', taps: ' ' }).corrections).toEqual([
    { pointer: '/id', correction: 'trimmed' },
    { pointer: '/id', correction: 'lower-cased' },
    { pointer: '/edad', correction: 'trimmed' },
    { pointer: '/edad', correction: 'text to number' },
    { pointer: '/taps', correction: 'trimmed' },
    { pointer: '/taps', correction: 'empty to null' },
  ])
})

test('trims the parts of the location', () => {
  const { value, corrections } = correct({
    ubicacion: { direccion: ' Av. Matta 1 ', ciudad: 'Arica', pais: ' Chile' },
  })
  expect(value).toHaveProperty('ubicacion', { direccion: 'Av. Matta 1', ciudad: 'Arica', pais: 'Chile' })
  expect(corrections.map(({ pointer }) => pointer)).toEqual(['/ubicacion/direccion', '/ubicacion/pais'])
})

test('treats an absent value as none, without a correction', () => {
  const absent = { taps: undefined, folio: undefined }
  expect(correct(absent)).toEqual({
    value: { ...boughtQuickly, taps: null, folio: null },
    corrections: [],
  })
})

describe('leaves alone', () => {
  test.each([
    { nombre: 'José  Luis' },
    { email: 'Ana.Soto' },
    { folio: 'srz-5509' },
    { taps: '17,8' },
    { taps: '1e3' },
    { taps: '+5' },
    { taps: 'Infinity' },
    { edad: '' },
    { edad: null },
    { telefono: '709768740232' },
    { ubicacion: null },
    { ubicacion: ['Arica'] },
  ])('%j, which has more than one reading or none', (fields) => {
    expect(correct(fields)).toEqual({ value: { ...boughtQuickly, ...fields }, corrections: [] })
  })

  test.each([null, 'text', 7, true, [boughtQuickly], undefined])('%j, which is no object', (raw) => {
    expect(correctCheckout(raw)).toEqual({ value: raw, corrections: [] })
  })

  test('its input', () => {
    const given = {
      ...boughtQuickly,
      id: ' ABC ',
      ubicacion: { ...boughtQuickly.ubicacion, pais: ' Chile ' },
    }
    const before = structuredClone(given)
    correctCheckout(given)
    expect(given).toEqual(before)
  })
})

test('drops unknown fields, and __proto__ is an ordinary name', () => {
  const hostile: unknown = JSON.parse(
    JSON.stringify(boughtQuickly).replace(
      '{',
      '{"__proto__":{"folio":"HCK-0001","admin":true},"constructor":{"prototype":{"admin":true}},"descuento":100,',
    ),
  )
  const { value } = correctCheckout(hostile)
  expect(Object.keys(value ?? {})).toEqual(Object.keys(boughtQuickly))
  expect(value).toEqual(boughtQuickly)
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect({}).not.toHaveProperty('admin')
})

test('an absent field gets no value from a prototype', () => {
  const withoutFolio = JSON.stringify({ ...boughtQuickly, folio: undefined })
  const hostile: unknown = JSON.parse(
    withoutFolio.replace('{', '{"__proto__":{"folio":"HCK-0001","recorrido":[]},'),
  )
  const { value } = correctCheckout(hostile)
  expect(value).toHaveProperty('folio', null)
  expect(value).not.toHaveProperty('recorrido')
})
