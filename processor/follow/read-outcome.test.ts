import { expect, test } from 'vitest'
import type { Checkout } from '../../backbone/records/checkout.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { dataRecord } from '../testing/records.ts'
import { readOutcome } from './read-outcome.ts'
import { scanOutcome } from './scan-outcome.ts'

const PARTITION = 3
const log = { log: Buffer.from('cafe0001') }

function outcomeOf(checkout: Partial<Checkout> = {}, rest: Partial<Outcome> = {}): Outcome {
  return {
    eventId: '0123456789abcdef0123456789abcdef',
    kind: 'quick',
    message: `Estimad@ ${boughtQuickly.nombre},\n\n¡"${boughtQuickly.productovisto}"!`,
    checkout: { ...boughtQuickly, ...checkout },
    receivedAt: '2026-11-30T12:00:00.123Z',
    classifiedAt: '2026-11-30T12:00:00.456Z',
    source: { partition: PARTITION, offset: 2 ** 40 },
    ...rest,
  }
}

/** Reads a value of Notifications twice: as the owner of its partition wrote it, and as of another program. */
function readBoth(value: object | string | Buffer) {
  const skipped: string[] = []
  const [own, other] = [log, {}].map((headers) =>
    readOutcome(PARTITION, dataRecord(7, value, { headers }), (offset) => skipped.push(offset)),
  )
  return { own, other, skipped }
}

// Whoever looks for a field in the bytes finds these first, or too late.
const MISLEADING = [
  '","checkout":{"id":"ffffffffffffffffffffffff"',
  ',"folio":"XXX-0000"',
  '\\","folio":null,"receivedAt":"',
  '"receivedAt":"2020-01-01T00:00:00.000Z","classifiedAt":"2020-01-01T00:00:00.000Z","source":{"partition":1,"offset":1}}',
]

test.each<[string, Outcome]>([
  ['a purchase', outcomeOf()],
  ['a visit', outcomeOf({ taps: null, folio: null }, { kind: 'none', message: null })],
  ['an added kind', outcomeOf({}, { kind: 'a-kind-7' as Outcome['kind'], eventId: 'x-_9' })],
  ['stages after the folio', outcomeOf({ recorrido: [{ etapa: MISLEADING.join(''), segundos: 7 }] })],
  ['fields in its message', outcomeOf({}, { message: MISLEADING.join('\n') })],
  [
    'fields in its checkout',
    outcomeOf({ nombre: MISLEADING.join(''), productovisto: MISLEADING.join('\n') }),
  ],
  ['the longest ids', outcomeOf({}, { eventId: 'e'.repeat(192), kind: 'k'.repeat(32) as Outcome['kind'] })],
  ['another partition', outcomeOf({}, { source: { partition: 1, offset: 5 } })],
])('an outcome of its owner with %s is found without parsing, as it is parsed', (_, outcome) => {
  expect(scanOutcome(Buffer.from(JSON.stringify(outcome)))).toBeDefined()
  const { own, other } = readBoth(outcome)
  expect(own).toEqual(other)
  expect(own?.record).toMatchObject({
    eventId: outcome.eventId,
    kind: outcome.kind,
    folio: outcome.checkout?.folio ?? '',
  })
})

test.each<[string, Outcome]>([
  ['an invalid record', outcomeOf({}, { kind: 'invalid', message: null, checkout: null })],
  [
    'faults',
    outcomeOf({}, { kind: 'unverified', faults: [{ pointer: '/edad', code: 'edad', detail: '' }] as never }),
  ],
  ['a redrive', outcomeOf({}, { redrive: { of: 'e', by: 'web', at: '2026-11-30T12:00:00.000Z' } })],
  ['other fields', outcomeOf({}, { eventId: 'an id' })],
])('an outcome of its owner with %s is parsed', (_, outcome) => {
  expect(scanOutcome(Buffer.from(JSON.stringify(outcome)))).toBeUndefined()
  const { own, other } = readBoth(outcome)
  expect(own).toEqual(other)
})

test.each<[string, object | string]>([
  ['no JSON', '{"eventId":"a"'],
  ['an empty value', ''],
  ['another object', { eventId: 'a' }],
  ['an impossible time', outcomeOf({}, { classifiedAt: 'yesterday' })],
])('%s is skipped', (_, value) => {
  expect(readBoth(value)).toEqual({ own: undefined, other: undefined, skipped: ['7', '7'] })
})

test('a part of an outcome is none', () => {
  const json = Buffer.from(JSON.stringify(outcomeOf()))
  const found = Array.from(json.keys(), (end) => scanOutcome(json.subarray(0, end)))
  expect(found.filter((outcome) => outcome !== undefined)).toEqual([])
  const withoutNumbers = json.toString().replace(/"partition":\d+,"offset":\d+/, '"partition":,"offset":')
  expect(readBoth(withoutNumbers).skipped).toEqual(['7', '7'])
})

test('the JSON is one line, and of no larger buffer', () => {
  const outcome = outcomeOf()
  const indented = readBoth(JSON.stringify(outcome, null, 2))
  for (const read of [indented.own, indented.other])
    expect(Buffer.from(read?.record.json ?? []).toString()).toBe(JSON.stringify(outcome))
  const { own } = readBoth(
    Buffer.concat([Buffer.from(JSON.stringify(outcome)), Buffer.alloc(1_000)]).subarray(0, -1_000),
  )
  expect(own?.record.json.buffer.byteLength).toBe(own?.record.json.length)
})
