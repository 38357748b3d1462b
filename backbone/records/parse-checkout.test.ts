import { describe, expect, test } from 'vitest'
import { parseValid } from '../../test/parse-valid.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { canonicalCheckout } from './checkout.ts'
import { parseCheckout } from './parse-checkout.ts'

const read = (fields: object) => parseValid({ ...boughtQuickly, ...fields }).checkout
const faults = (input: unknown) => parseCheckout(input).faults.map(({ pointer }) => pointer)
const faultsWith = (fields: object) => faults({ ...boughtQuickly, ...fields })

test.each([boughtQuickly, didNotBuy])('takes the sample of $nombre as it is', (sample) => {
  expect(parseValid(sample)).toEqual({ checkout: sample, corrections: [] })
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

test('every fault is reported, not only the first', () => {
  expect(new Set(faults({ taps: -1, folio: 'x' }))).toEqual(
    new Set(Object.keys(boughtQuickly).map((field) => `/${field}`)),
  )
})

test.each([[null], ['text'], [7], [[boughtQuickly]], [undefined]])('%j is no checkout', (input) => {
  expect(faults(input)).toEqual([''])
})

const MINUTES = 'must be a number of minutes, 0 or more'
const AGE = 'must be a whole number from 0 to 130'
const NAME_LENGTH = 'must have 1 to 80 characters'
const FOLIO = 'must be three capital letters, a dash and four digits'
const ID = 'must be 24 hexadecimal digits'
const MISSING = 'is missing'

test.each([
  ['/id', undefined, 'missing', MISSING],
  ['/id', 'x', 'format', ID],
  ['/id', 7, 'type', 'must be text'],
  ['/nombre', undefined, 'missing', MISSING],
  ['/nombre', null, 'missing', MISSING],
  ['/nombre', '', 'missing', MISSING],
  ['/nombre', '\u200d', 'missing', MISSING],
  ['/nombre', 'n'.repeat(81), 'length', NAME_LENGTH],
  ['/apellido', ['Morris'], 'type', 'must be text'],
  ['/edad', '', 'missing', MISSING],
  ['/edad', 'cuarenta', 'type', AGE],
  ['/edad', 1.5, 'type', AGE],
  ['/edad', 131, 'range', AGE],
  ['/edad', -1, 'range', AGE],
  ['/edad', 1e300, 'range', AGE],
  ['/edad', JSON.parse('1e400'), 'range', AGE],
  ['/edad', '9'.repeat(400), 'range', AGE],
  ['/email', undefined, 'missing', MISSING],
  ['/email', 'María José.Díaz@mail.com', 'format', 'must be an e-mail address'],
  ['/email', `${'a'.repeat(250)}@b.cl`, 'length', 'must have at most 254 characters'],
  ['/telefono', 709768740232, 'type', 'must be text'],
  ['/telefono', null, 'missing', MISSING],
  ['/ubicacion', undefined, 'missing', MISSING],
  ['/ubicacion', 'Lakewood', 'type', 'must be an object'],
  ['/taps', -1, 'range', MINUTES],
  ['/taps', JSON.parse('1e400'), 'range', MINUTES],
  ['/taps', 'soon', 'type', MINUTES],
  ['/folio', 'SRZ5509', 'format', FOLIO],
  ['/folio', 5509, 'type', 'must be text'],
])('%s %j is a fault of the code %s: it %s', (pointer, value, code, detail) => {
  const fields = { ...boughtQuickly, [pointer.slice(1)]: value }
  expect(parseCheckout(fields).faults).toEqual([{ pointer, code, detail }])
})

test.each([[null], [[]], ['text']])('%j is a fault of the whole', (input) => {
  expect(parseCheckout(input).faults).toEqual([
    { pointer: '', code: 'type', detail: 'must be a JSON object' },
  ])
})

describe('a purchase that id, taps and folio prove', () => {
  const { id, taps, folio } = boughtQuickly
  const withFaults = {
    id: ` ${id.toUpperCase()}`,
    nombre: ' Mari\u0301a ',
    apellido: { de: 'la Cruz' },
    edad: 'cuarenta',
    email: 'María José.Díaz@MAIL.com',
    telefono: 709768740232,
    ubicacion: { direccion: ['123 Abbey Road'], ciudad: null, otro: 1 },
    taps: String(taps),
    folio,
    otro: 'x',
  }
  const kept = {
    id,
    nombre: 'María',
    apellido: {},
    edad: 'cuarenta',
    email: 'María José.Díaz@mail.com',
    telefono: 709768740232,
    ubicacion: { direccion: [], ciudad: null },
    taps,
    folio,
  }

  test('is kept in spite of faults in other fields, which are stored as sent', () => {
    const parsed = parseCheckout(withFaults)
    expect(parsed).toMatchObject({ is: 'faulty purchase', checkout: kept })
    expect(faults(withFaults)).toEqual([
      '/apellido',
      '/edad',
      '/email',
      '/telefono',
      '/ubicacion/direccion',
      '/ubicacion/ciudad',
      '/ubicacion/pais',
      '/productovisto',
    ])
  })

  test('without any other field is a purchase, too', () => {
    expect(parseCheckout({ id, taps, folio })).toMatchObject({
      is: 'faulty purchase',
      checkout: { id, taps, folio },
    })
  })

  test.each([
    ['id', { id: 'x' }],
    ['a folio', { folio: null }],
    ['a folio that is one', { folio: 'SRZ5509' }],
    ['minutes', { taps: undefined }],
    ['more than no minutes', { taps: 0 }],
    ['minutes that are a number', { taps: 'soon' }],
  ])('is none without %s', (_, fields) => {
    expect(parseCheckout({ ...withFaults, ...fields }).is).toBe('invalid')
  })

  test.each([
    ['edad', JSON.parse('1e400')],
    ['telefono', JSON.parse('-1e400')],
    ['nombre', JSON.parse('['.repeat(20_000) + ']'.repeat(20_000))],
    ['ubicacion', []],
    ['ubicacion', {}],
    ['ubicacion', true],
    ['apellido', `a${' '.repeat(400)}b`],
  ])('can be stored and is read again with the same faults, for any value of %s', (field, value) => {
    const parsed = parseCheckout({ ...boughtQuickly, [field]: value })
    if (parsed.is !== 'faulty purchase') throw new Error(parsed.is)
    const again = parseCheckout(JSON.parse(canonicalCheckout(parsed.checkout)))
    expect(again).toEqual({ ...parsed, corrections: [] })
  })
})
