import { randomBytes } from 'node:crypto'
import type { ClassifiedKind } from '../../backbone/records/outcome.ts'
import { checkoutKinds, checkoutOf } from '../checkouts.ts'
import { boughtQuickly } from '../sample-checkouts.ts'
import type { Codec, SentBatch, SentRecord } from './client-program.ts'

const PARTITIONS = 6

/** What one record becomes. */
export type Expected =
  | { kind: ClassifiedKind; checkout: ReturnType<typeof checkoutOf>; receivedAt?: string; eventId?: string }
  | { kind: 'invalid'; reason: string }
  | 'repetition'
  | 'aborted'

export interface ExpectedBatch extends SentBatch {
  expected: Expected[]
}

type Sample = [record: SentRecord, expected: Expected]

const LONG_AGO = Date.UTC(2020, 10, 27, 12)
const SKEW_MS = 30 * 60_000

function checkoutSample(kind: ClassifiedKind, number: number, parts: Partial<SentRecord> = {}): Sample {
  const checkout = checkoutOf(kind, number)
  const record = { key: null, value: Buffer.from(JSON.stringify(checkout)), headers: [], ...parts }
  const { timestamp } = parts
  const received = timestamp === undefined ? {} : { receivedAt: new Date(timestamp).toISOString() }
  return [record, { kind, checkout, ...received }]
}

const invalidSample = (value: Buffer | null, reason: string, parts: Partial<SentRecord> = {}): Sample => [
  { key: null, value, headers: [], ...parts },
  { kind: 'invalid', reason },
]

function batchOf(samples: Sample[], options: Pick<SentBatch, 'codec' | 'transaction'>): ExpectedBatch {
  const [records, expected] = [samples.map(([record]) => record), samples.map(([, outcome]) => outcome)]
  return { ...options, records, expected }
}

const unknownHeaders: SentRecord['headers'] = [
  ['canal', Buffer.from('móvil')],
  ['lista', Buffer.from('a')],
  ['lista', Buffer.from('b')],
  ['bytes', Buffer.from([0, 255])],
  ['vacío', Buffer.alloc(0)],
  ['constructor', Buffer.from('x')],
]

/** Without keys and headers, to partitions that the client chooses. */
export const plainBatch = (codec: Codec): ExpectedBatch =>
  batchOf(
    checkoutKinds.map((kind, i) => checkoutSample(kind, i)),
    { codec },
  )

/** Everything that a record may have. */
export function variedBatch(codec: Codec): ExpectedBatch {
  const eventId = randomBytes(16).toString('hex')
  const receivedAt = '2020-11-27T08:30:00.5-03:00'
  const [withIds, outcome] = checkoutSample('quick', 1, {
    headers: [
      ...unknownHeaders,
      ['event-id', Buffer.from(eventId)],
      ['received-at', Buffer.from(receivedAt)],
    ],
  })
  const faulty = { ...boughtQuickly, id: randomBytes(12).toString('hex'), folio: 'SRZ-55' }
  return batchOf(
    [
      ...checkoutKinds.map((kind, i) => checkoutSample(kind, i)),
      ...checkoutKinds.map((kind, partition) =>
        checkoutSample(kind, partition, { key: Buffer.from('a key'), partition }),
      ),
      [withIds, { ...(outcome as object), eventId, receivedAt: '2020-11-27T11:30:00.500Z' } as Expected],
      checkoutSample('slow', 2, { timestamp: LONG_AGO }),
      checkoutSample('slow', 3, { timestamp: Date.now() + SKEW_MS }),
      invalidSample(Buffer.from('no es JSON'), 'not JSON', { headers: unknownHeaders }),
      invalidSample(Buffer.from([0xff, 0x00, 0x7b]), 'not UTF-8', { key: Buffer.from([0, 0, 0, 0]) }),
      invalidSample(Buffer.from(JSON.stringify(faulty)), 'invalid checkout: /folio (format)'),
      invalidSample(null, 'no value', { key: Buffer.from(faulty.id) }),
    ],
    { codec },
  )
}

/** The same event three times, the last time with another body. */
export function repeatedBatch(): ExpectedBatch {
  const partition = 2
  const eventId = randomBytes(16).toString('hex')
  const headers: SentRecord['headers'] = [['event-id', Buffer.from(eventId)]]
  const [record, outcome] = checkoutSample('quick', 1, { headers, partition })
  const other = Buffer.from(JSON.stringify(checkoutOf('slow', 1)))
  return batchOf(
    [
      [record, { ...(outcome as object), eventId } as Expected],
      [record, 'repetition'],
      [
        { ...record, value: other },
        { kind: 'invalid', reason: 'idempotency-conflict' },
      ],
    ],
    { codec: 'none' },
  )
}

/** In each partition a committed record comes after an aborted one. */
export function transactions(codec: Codec): ExpectedBatch[] {
  const samples = () =>
    Array.from({ length: PARTITIONS }, (_, partition) =>
      // The key looks like that of the marker of an aborted transaction.
      checkoutSample('quick', partition, { key: Buffer.alloc(4), partition }),
    )
  const aborted = batchOf(samples(), { codec, transaction: 'abort' })
  return [
    { ...aborted, expected: aborted.expected.map(() => 'aborted') },
    batchOf(samples(), { codec, transaction: 'commit' }),
  ]
}
