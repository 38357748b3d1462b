import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { homePartition } from '../../backbone/records/partition.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { InvalidRecord, readRecord } from './read-record.ts'

const PARTITIONS = 6
const home = homePartition(boughtQuickly.id, 'purchase', PARTITIONS)
const bodyId = createHash('sha256').update(JSON.stringify(boughtQuickly)).digest('hex').slice(0, 32)

const read = (value: object | string | Buffer | null, partition = home, headers = {}) => {
  const text = typeof value === 'object' && !Buffer.isBuffer(value) ? JSON.stringify(value) : value
  return readRecord({ value: value === null ? null : Buffer.from(text), headers }, partition, [PARTITIONS])
}
const reasonOf = (value: object | string | Buffer | null) => {
  const record = read(value)
  expect(record).toBeInstanceOf(InvalidRecord)
  return record instanceof InvalidRecord ? record.reason : ''
}

describe('a plain record of another program', () => {
  test('has the id of its body in its home partition', () => {
    expect(read(boughtQuickly)).toEqual({
      eventId: bodyId,
      parsed: { is: 'valid', checkout: boughtQuickly, corrections: [], faults: [] },
      canonical: JSON.stringify(boughtQuickly),
      otherId: `${bodyId}-p${home}`,
    })
  })

  test('has another id in another partition', () => {
    const away = Array.from({ length: PARTITIONS }, (_, p) => p).filter((p) => p !== home)
    expect(away.map((partition) => read(boughtQuickly, partition))).toMatchObject(
      away.map((partition) => ({
        eventId: `${bodyId}-p${partition}`,
        parsed: { checkout: boughtQuickly },
        otherId: bodyId,
      })),
    )
  })

  test('has its home in the lane of its content', () => {
    const browse = homePartition(didNotBuy.id, 'browse', PARTITIONS)
    const purchase = homePartition(didNotBuy.id, 'purchase', PARTITIONS)
    expect(browse).not.toBe(purchase)
    expect(read(didNotBuy, browse)).toMatchObject({ eventId: expect.not.stringContaining('-p') })
    expect(read(didNotBuy, purchase)).toMatchObject({ eventId: expect.stringMatching(`-p${purchase}$`) })
  })

  test('is one event in any notation', () => {
    const { id, taps, ...rest } = boughtQuickly
    const untidy = { ...rest, extra: true, id: ` ${id.toUpperCase()}`, taps: String(taps) }
    for (const text of [JSON.stringify(untidy, null, 2), `\ufeff${JSON.stringify(untidy)}`]) {
      expect(read(text)).toMatchObject({ eventId: bodyId, parsed: { checkout: boughtQuickly } })
    }
  })

  test('may have no headers', () => {
    const value = Buffer.from(JSON.stringify(boughtQuickly))
    expect(readRecord({ value }, home, [PARTITIONS])).toMatchObject({ eventId: bodyId })
  })
})

describe('the header event-id', () => {
  test.each([
    ['as the gateway writes it', Buffer.from('0123456789abcdef0123456789abcdef')],
    ['as text', 'Orden_7-b'],
    ['the first of several', [Buffer.from('first'), Buffer.from('second')]],
    ['as long as it may be', 'x'.repeat(128)],
  ])('%s decides, in any partition', (_, given) => {
    const id = String(Array.isArray(given) ? given[0] : given)
    for (const partition of [home, home + 1]) {
      expect(read(boughtQuickly, partition, { 'event-id': given })).toMatchObject({ eventId: id })
    }
  })

  test.each([
    ['empty', ''],
    ['a list of none', []],
    ['too long', 'x'.repeat(129)],
    ['with a slash', 'a/b'],
    ['with a line break', 'abc\n'],
    ['with white space', ' abc'],
    ['not ASCII', 'año'],
    ['not UTF-8', Buffer.from([0xff, 0xfe])],
    ['missing', undefined],
  ])('that is %s is ignored in favour of the id of the body', (_, given) => {
    expect(read(boughtQuickly, home, { 'event-id': given })).toMatchObject({ eventId: bodyId })
  })
})

describe('garbage', () => {
  test.each([
    ['no value', null],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
    ['not UTF-8', Buffer.from('{"nombre":"Núñez"}', 'latin1')],
    ['not JSON: is empty', ''],
    ['not JSON: has a syntax error at line 1, column 7', '{"id":'],
    [
      `not JSON: has a syntax error at line 1, column ${JSON.stringify(boughtQuickly).length + 1}`,
      `${JSON.stringify(boughtQuickly)}}`,
    ],
  ])('is refused: %s (%j)', (reason, value) => {
    expect(reasonOf(value)).toBe(reason)
  })

  test.each(['null', '[]', '"texto"', '7', 'true'])(
    'is refused when it is JSON but no object: %s',
    (json) => {
      expect(reasonOf(json)).toMatch(/^invalid checkout: /)
    },
  )
})

describe('a record that breaks the rules', () => {
  const secrets = {
    id: 'SECRETO-id',
    nombre: `SECRETO-${'n'.repeat(80)}`,
    apellido: { secreto: 'SECRETO-apellido' },
    edad: 'SECRETO-edad',
    email: 'SECRETO-email',
    telefono: ['SECRETO-telefono'],
    ubicacion: { direccion: 7717, ciudad: { 'SECRETO-ciudad': 1 } },
    productovisto: 771_755,
    taps: -7717.7,
    folio: 'SECRETO-folio',
    'SECRETO-campo': 'SECRETO-valor',
  }
  const pointers = [
    '/id',
    '/nombre',
    '/apellido',
    '/edad',
    '/email',
    '/telefono',
    '/ubicacion/direccion',
    '/ubicacion/ciudad',
    '/ubicacion/pais',
    '/productovisto',
    '/taps',
    '/folio',
  ]

  test('is rejected with every field and without values', () => {
    const reason = reasonOf(secrets)
    const faults = reason.replace('invalid checkout: ', '').split('; ')
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(pointers)
    expect(reason).not.toMatch(/secreto|7717/i)
  })

  test.each([
    ['/taps (range) must be a number of minutes, 0 or more', { taps: -1 }],
    ['/folio (format) must be three capital letters, a dash and four digits', { folio: 'srz-5509' }],
    ['/id (missing) is missing', { id: undefined }],
    ['/edad (range) must be a whole number from 0 to 130', { edad: 131, folio: null }],
    ['/email (format) must be an e-mail address', { email: 'Scarlett.Morris', taps: 0 }],
  ])('is rejected for %s alone', (fault, fields) => {
    expect(reasonOf({ ...boughtQuickly, ...fields })).toBe(`invalid checkout: ${fault}`)
  })

  test('is a faulty purchase if id, taps and folio prove one', () => {
    const email = 'María José.Díaz@mail.com'
    expect(read({ ...boughtQuickly, email })).toMatchObject({
      eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
      parsed: {
        is: 'faulty purchase',
        checkout: { ...boughtQuickly, email },
        faults: [{ pointer: '/email', code: 'format', detail: 'must be an e-mail address' }],
      },
      canonical: JSON.stringify({ ...boughtQuickly, email }),
    })
  })

  test('is not rejected for unknown or misnamed fields', () => {
    expect(read({ ...boughtQuickly, Folio: 'AAA-0001', otro: 1 })).toMatchObject({
      eventId: bodyId,
      parsed: { is: 'valid', checkout: boughtQuickly },
    })
  })
})

test('the same body of two owners is two events, with or without the gateway', () => {
  const ids = [{}, { owner: 'web' }, { owner: 'shop' }].map((headers) => {
    const record = read(boughtQuickly, home, headers)
    return record instanceof InvalidRecord ? undefined : record.eventId
  })
  expect(ids[0]).toBe(bodyId)
  expect(new Set(ids).size).toBe(3)
})
