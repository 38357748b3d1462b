import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { outcomeSchema } from '../../backbone/records/outcome.ts'
import { homePartition } from '../../backbone/records/partition.ts'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { builtInFiles, builtInMessages } from '../testing/messages.ts'
import { dataRecord } from '../testing/records.ts'
import { decideOutcome } from './decide-outcome.ts'

const rules = {
  topic: 'DataTopic',
  homes: [6],
  longestPlausibleMinutes: 10_080,
  messages: builtInMessages,
}
const NOW = '2025-11-26T12:00:05.000Z'
const RECORD_TIME = '2025-11-26T00:00:00.000Z'
const PARTITION = homePartition(boughtQuickly.id, 'purchase', 6)
const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 32)

const decide = (
  message: StoredRecord,
  known: Record<string, string> = {},
  source = { partition: PARTITION, offset: Number(message.offset) },
) => {
  const decided = (id: string) => {
    const canonical = known[id]
    return canonical === undefined ? undefined : { canonical, source }
  }
  return decideOutcome(message, PARTITION, rules, decided, () => new Date(NOW))
}

describe('the first record of an event', () => {
  test('is classified', () => {
    const headers = { 'event-id': 'abc', 'received-at': '2025-11-26T11:59:59.500Z' }
    expect(decide(dataRecord(41, boughtQuickly, { headers }))).toEqual({
      offset: 41,
      owner: 'anonymous',
      canonical: JSON.stringify(boughtQuickly),
      outcome: {
        eventId: 'abc',
        kind: 'quick',
        message: expect.stringMatching(/^Estimad@ Scarlett,\n\n.*Falabella.*SRZ-5509, donde/s),
        checkout: boughtQuickly,
        receivedAt: '2025-11-26T11:59:59.500Z',
        classifiedAt: NOW,
        source: { partition: PARTITION, offset: 41 },
      },
      receivedAt: Date.parse('2025-11-26T11:59:59.500Z'),
    })
  })

  test.each([
    ['none', { ...didNotBuy }],
    ['unverified', { ...boughtQuickly, folio: null }],
  ])('of kind %s has an outcome without a message', (kind, value) => {
    const { outcome, deadLetter } = decide(dataRecord(0, value))
    expect(outcome).toMatchObject({ kind, message: null, checkout: value })
    expect(deadLetter).toBeUndefined()
  })

  test('of a purchase with faults in other fields is unverified, with the faults', () => {
    const value = { ...boughtQuickly, email: 'María José.Díaz@mail.com', nombre: undefined }
    const { outcome, deadLetter, canonical } = decide(dataRecord(3, value))
    expect(JSON.parse(JSON.stringify(outcome))).toEqual({
      eventId: hash(JSON.stringify(value)),
      kind: 'unverified',
      message: null,
      checkout: JSON.parse(JSON.stringify(value)),
      receivedAt: RECORD_TIME,
      classifiedAt: NOW,
      source: { partition: PARTITION, offset: 3 },
      faults: [
        { pointer: '/nombre', code: 'missing', detail: 'is missing' },
        { pointer: '/email', code: 'format', detail: 'must be an e-mail address' },
      ],
    })
    expect(deadLetter).toBeUndefined()
    expect(
      decide(dataRecord(4, value), { [outcome?.eventId ?? '']: canonical ?? '' }).outcome,
    ).toBeUndefined()
  })

  test('that took longer than is plausible is unverified, without faults', () => {
    const { outcome } = decide(dataRecord(0, { ...boughtQuickly, taps: 10_081 }))
    expect(outcome).toMatchObject({ kind: 'unverified', message: null })
    expect(outcome).not.toHaveProperty('faults')
  })

  test.each([
    ['web-store.cl_1', 'web-store.cl_1'],
    ['two words', 'anonymous'],
    ['o'.repeat(65), 'anonymous'],
    [undefined, 'anonymous'],
  ])('with the owner %s is the event of %s', (owner, expected) => {
    const headers = owner === undefined ? {} : { owner }
    expect(decide(dataRecord(0, boughtQuickly, { headers })).owner).toBe(expected)
  })

  test('uses the configured threshold and store name', () => {
    const strict = { ...rules, messages: builtInFiles({ quickMinutes: 17.7, storeName: 'Paris' }).messages }
    const { outcome } = decideOutcome(
      dataRecord(0, boughtQuickly),
      PARTITION,
      strict,
      () => undefined,
      () => new Date(NOW),
    )
    expect(outcome?.kind).toBe('slow')
    expect(outcome?.message).toContain('en línea de Paris. ')
  })
})

describe('a later record of the same event', () => {
  const headers = { 'event-id': 'abc', 'x-origin': Buffer.from([0, 255]) }

  test('is a repetition when it has the same content, in any notation', () => {
    const known = { abc: JSON.stringify(boughtQuickly) }
    const again = { ...boughtQuickly, taps: ' 17.8' }
    expect(decide(dataRecord(7, again, { headers }), known)).toEqual({ offset: 7, owner: 'anonymous' })
  })

  test('is a conflict when it has other content, and goes to the dead letters unchanged', () => {
    const key = Buffer.from(boughtQuickly.id)
    const raw = `${JSON.stringify({ ...boughtQuickly, taps: 31 }, null, 1)}\n`
    const known = { abc: JSON.stringify(boughtQuickly) }
    const { outcome, deadLetter, canonical } = decide(dataRecord(8, raw, { headers, key }), known)
    expect(outcome).toEqual({
      eventId: 'abc-conflict-8',
      kind: 'invalid',
      message: null,
      checkout: null,
      receivedAt: RECORD_TIME,
      classifiedAt: NOW,
      source: { partition: PARTITION, offset: 8 },
    })
    expect(deadLetter).toEqual({
      key,
      value: Buffer.from(raw),
      headers: {
        ...headers,
        reason: 'idempotency-conflict',
        source: `DataTopic/${PARTITION}/8`,
      },
    })
    expect(canonical).toBeUndefined()
  })
})

describe('a conflict whose id another record has', () => {
  const conflict = dataRecord(8, { ...boughtQuickly, taps: 31 }, { headers: { 'event-id': 'abc' } })
  const known = { abc: '{}', 'abc-conflict-8': '' }
  const withPartition = `abc-conflict-8-p${PARTITION}`

  test.each([
    ['in another partition', { partition: PARTITION + 1, offset: 8 }],
    ['as its event id', { partition: PARTITION, offset: 3 }],
  ])('%s has an id with its partition', (_, source) => {
    const { outcome, deadLetter } = decide(conflict, known, source)
    expect(outcome).toMatchObject({ eventId: withPartition, kind: 'invalid' })
    expect(deadLetter?.headers).toMatchObject({ reason: 'idempotency-conflict' })
  })

  test('is decided on once', () => {
    const elsewhere = { partition: PARTITION + 1, offset: 8 }
    const here = { partition: PARTITION, offset: 8 }
    const decided = (id: string) => {
      if (id === withPartition) return { canonical: '', source: here }
      return id in known ? { canonical: '', source: elsewhere } : undefined
    }
    expect(decideOutcome(conflict, PARTITION, rules, decided, () => new Date(NOW))).toEqual({
      offset: 8,
      owner: 'anonymous',
    })
    expect(decide(conflict, known)).toEqual({ offset: 8, owner: 'anonymous' })
  })
})

describe('a record that cannot be read', () => {
  const raw = Buffer.from([0xff, 0x00, 0x7b])
  const headers: RecordHeaders = { 'event-id': 'abc', reason: 'of another program', list: ['a', 'b'] }

  test('has its own outcome, and goes to the dead letters byte for byte', () => {
    const { outcome, deadLetter } = decide(dataRecord(9, raw, { headers, key: raw }))
    expect(outcome).toMatchObject({
      eventId: `${hash(raw)}-p${PARTITION}-o9`,
      kind: 'invalid',
      message: null,
      checkout: null,
      source: { partition: PARTITION, offset: 9 },
    })
    expect(deadLetter).toEqual({
      key: raw,
      value: raw,
      headers: { ...headers, reason: 'not UTF-8', source: `DataTopic/${PARTITION}/9` },
    })
  })

  test('keeps a null value and the headers of the record', () => {
    const message = dataRecord(3, null, { headers })
    const { outcome, deadLetter } = decide(message)
    expect(outcome?.eventId).toBe(`${hash('')}-p${PARTITION}-o3`)
    expect(deadLetter).toMatchObject({ key: null, value: null, headers: { reason: 'no value' } })
    expect(message.headers).toEqual({ 'event-id': 'abc', reason: 'of another program', list: ['a', 'b'] })
  })

  test('is a separate event even if the same garbage came before', () => {
    const ids = [3, 4].map((offset) => decide(dataRecord(offset, 'basura')).outcome?.eventId)
    expect(new Set(ids).size).toBe(2)
  })

  test('has the invalid fields as the reason', () => {
    const { deadLetter } = decide(dataRecord(0, { ...boughtQuickly, taps: -1, edad: 'x' }))
    expect(deadLetter?.headers['reason']).toBe(
      'invalid checkout: /edad (type) must be a whole number from 0 to 130; /taps (range) must be a number of minutes, 0 or more',
    )
  })
})

const receivedAt = (headers: RecordHeaders, timestamp: string) =>
  decide(dataRecord(0, boughtQuickly, { headers, timestamp })).outcome?.receivedAt

describe('the time of receipt', () => {
  const recordTime = String(Date.parse(RECORD_TIME))

  test.each([
    ['2025-11-26T11:59:59.500Z', '2025-11-26T11:59:59.500Z'],
    ['2025-11-26T08:59:59-03:00', '2025-11-26T11:59:59.000Z'],
    ['2025-11-26t11:59:59.5z', '2025-11-26T11:59:59.500Z'],
    ['2025-11-26T11:59:59.123456+00:00', '2025-11-26T11:59:59.123Z'],
  ])('is the gateway’s, %s', (header, expected) => {
    expect(receivedAt({ 'received-at': Buffer.from(header) }, recordTime)).toBe(expected)
  })

  test.each([
    undefined,
    '',
    'ayer',
    '12',
    '2025-11-26',
    '2025-11-26T11:59:59',
    '2025-11-26T11:59Z',
    '2025-11-26 11:59:59',
    'Wed, 26 Nov 2025 11:59:59 GMT',
    '2025-02-30T11:59:59Z',
    '2025-11-26T25:59:59Z',
    '2025-11-26T11:59:59+0300',
    '1764158399',
    '+012025-11-26T11:59:59Z',
    '-000001-01-01T00:00:00Z',
  ])('is the record’s when the header is %j', (header) => {
    expect(receivedAt(header === undefined ? {} : { 'received-at': header }, recordTime)).toBe(RECORD_TIME)
  })

  test.each(['-1', '9223372036854775807', '253402300800000', '8640000000000000', '-62198755200000', 'x'])(
    'is now when the record’s is %j',
    (timestamp) => {
      expect(receivedAt({}, timestamp)).toBe(NOW)
    },
  )
})

test('every outcome can be read by followers', () => {
  const absurd = [
    dataRecord(0, { ...boughtQuickly, taps: Number.MAX_VALUE, nombre: '\ud800\u2028"\\' }),
    dataRecord(1, boughtQuickly, { timestamp: '253402300800000' }),
    dataRecord(2, boughtQuickly, {
      timestamp: '-62198755200000',
      headers: { 'received-at': '+275760-09-13' },
    }),
    dataRecord(3, null),
    dataRecord(4, { ...boughtQuickly, nombre: ['a'], ubicacion: 'x', edad: JSON.parse('1e400'), email: {} }),
  ]
  for (const message of absurd) {
    const json: unknown = JSON.parse(JSON.stringify(decide(message).outcome))
    expect(outcomeSchema.safeParse(json).error).toBeUndefined()
  }
})

test.each([
  ['a purchase', boughtQuickly],
  ['a purchase with faults', { ...boughtQuickly, apellido: '', edad: 'x', ubicacion: 'x' }],
])('half a surrogate pair in any text of %s is in no outcome', (_, checkout) => {
  const written = JSON.stringify(checkout, (key, value: unknown) =>
    typeof value === 'string' && key !== 'id' && key !== 'folio'
      ? `${value.slice(0, 3)}\ud83d${value.slice(3)}`
      : value,
  )
  const { outcome } = decide(dataRecord(0, written))
  expect(outcome?.checkout?.productovisto).toBe('Col\ufffdchón de espuma viscoelástica')
  expect(JSON.stringify(outcome)).not.toMatch(/\\ud[89a-f]/i)
})

test('a dead letter has the headers that it came with', () => {
  const headers = { plain: Buffer.from('a'), twice: [Buffer.from('b'), Buffer.from('c')] }
  const { deadLetter } = decide(dataRecord(7, 'garbage', { headers }))
  expect(deadLetter?.headers).toEqual({
    ...headers,
    reason: expect.stringContaining('not JSON'),
    source: `DataTopic/${PARTITION}/7`,
  })
})
