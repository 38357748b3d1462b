import { describe, expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../test/sample-checkouts.ts'
import { canonicalCheckout, incomingCheckoutSchema } from './checkout.ts'
import { jsonPointer } from './problem.ts'

const read = (fields: object) => incomingCheckoutSchema.parse({ ...boughtQuickly, ...fields }).checkout

const faults = (input: unknown) =>
  incomingCheckoutSchema.safeParse(input).error?.issues.map(({ path }) => jsonPointer(path)) ?? []

const faultsWith = (fields: object) => [...new Set(faults({ ...boughtQuickly, ...fields }))]

test.each([boughtQuickly, didNotBuy])('takes the sample of $nombre as it is', (sample) => {
  expect(incomingCheckoutSchema.parse(sample)).toEqual({ checkout: sample, corrections: [] })
})

describe('taps', () => {
  test.each([
    [0, 0],
    [-0, 0],
    ['-0', 0],
    [Number.MIN_VALUE, Number.MIN_VALUE],
    [17.8, 17.8],
    ['17.8', 17.8],
    [' 30 ', 30],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    ['', null],
    ['  ', null],
    [null, null],
    [undefined, null],
  ])('%j is read as %j', (taps, expected) => {
    expect(JSON.parse(canonicalCheckout(read({ taps })))).toHaveProperty('taps', expected)
  })

  test.each([
    [-0.0001],
    ['-1'],
    [JSON.parse('1e400')],
    ['1e400'],
    ['9'.repeat(400)],
    ['17,8'],
    ['0x10'],
    ['.5'],
    ['NaN'],
    ['diecisiete'],
    [true],
    [[17.8]],
    [{}],
  ])('%j is refused', (taps) => {
    expect(faultsWith({ taps })).toEqual(['/taps'])
  })
})

describe('folio', () => {
  test.each([
    ['SRZ-5509', 'SRZ-5509'],
    [' AAA-0000 ', 'AAA-0000'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is read as %j', (folio, expected) => {
    expect(read({ folio }).folio).toBe(expected)
  })

  test.each([
    'srz-5509',
    'SR-5509',
    'SRZX-5509',
    'SRZ5509',
    'SRZ–5509',
    'SRZ-550',
    'SRZ-55099',
    'ÑRZ-5509',
    'SRZ-٥٥٠٩',
    'SRZ-5509\nSRZ-5509',
    0,
    false,
  ])('%j is refused', (folio) => {
    expect(faultsWith({ folio })).toEqual(['/folio'])
  })
})

describe('edad', () => {
  test.each([
    [0, 0],
    [130, 130],
    ['44', 44],
    [44.0, 44],
  ])('%j is read as %i', (edad, expected) => {
    expect(read({ edad }).edad).toBe(expected)
  })

  test.each([-1, 131, 1.5, '1.5', '131', '', null, undefined, 1e20, true, 'cuarenta'])(
    '%j is refused',
    (edad) => {
      expect(faultsWith({ edad })).toEqual(['/edad'])
    },
  )
})

describe.each(['nombre', 'apellido'])('%s', (field) => {
  // One character on the screen, two units in UTF-16.
  const astral = '𝕊'

  test.each([
    ['one character', 'Ñ'],
    ['80 characters', 'ñ'.repeat(80)],
    ['80 characters and the white space around them', ` ${'ñ'.repeat(80)}\t`],
    ['80 characters beyond the basic plane', astral.repeat(80)],
  ])('may have %s', (_, value) => {
    expect(read({ [field]: value })).toHaveProperty(field, value.trim())
  })

  test.each([
    ['nothing', ''],
    ['white space alone', ' \n\u00a0'],
    ['81 characters', 'n'.repeat(81)],
    ['81 characters beyond the basic plane', astral.repeat(81)],
    ['a number', 7],
    ['null', null],
    ['no value', undefined],
  ])('may not have %s', (_, value) => {
    expect(faultsWith({ [field]: value })).toEqual([`/${field}`])
  })
})

describe('id', () => {
  test('is lower-cased', () => {
    expect(read({ id: ' 062292FD7B7E3E688F29418E' }).id).toBe(boughtQuickly.id)
  })

  test.each([
    ['23 digits', 'a'.repeat(23)],
    ['25 digits', 'a'.repeat(25)],
    ['a letter that is no digit', `${'a'.repeat(23)}g`],
    ['digits of another script', '٠'.repeat(24)],
    ['nothing', ''],
    ['a number', 62292],
    ['no value', undefined],
  ])('may not have %s', (_, id) => {
    expect(faultsWith({ id })).toEqual(['/id'])
  })
})

describe('the other fields', () => {
  test('are strings, and may be empty', () => {
    const empty = { telefono: '', productovisto: '', ubicacion: { direccion: '', ciudad: '', pais: '' } }
    expect(read(empty)).toMatchObject(empty)
  })

  test.each([
    [{ telefono: 709768740232 }, ['/telefono']],
    [{ productovisto: null }, ['/productovisto']],
    [{ ubicacion: 'Lakewood' }, ['/ubicacion']],
    [{ ubicacion: ['123 Abbey Road', 'Lakewood', 'Inverness'] }, ['/ubicacion']],
    [{ ubicacion: undefined }, ['/ubicacion']],
    [{ ubicacion: { ciudad: 5 } }, ['/ubicacion/direccion', '/ubicacion/ciudad', '/ubicacion/pais']],
  ])('%j is refused', (fields, pointers) => {
    expect(faultsWith(fields)).toEqual(pointers)
  })
})

test('every fault is named, not only the first', () => {
  expect(new Set(faults({ taps: -1, folio: 'x' }))).toEqual(
    new Set(Object.keys(boughtQuickly).map((field) => `/${field}`)),
  )
})

test.each([[null], ['text'], [7], [[boughtQuickly]], [undefined]])('%j is no checkout', (input) => {
  expect(faults(input)).toEqual([''])
})
