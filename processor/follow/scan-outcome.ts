import type { Outcome } from '../../backbone/records/outcome.ts'
import type { OutcomeRecord } from '../read-model/record.ts'

/** What the read model needs of an outcome beside its JSON, and the position of its record in DataTopic. */
export type ScannedOutcome = Pick<
  OutcomeRecord,
  'eventId' | 'kind' | 'customer' | 'folio' | 'receivedAt' | 'classifiedAt'
> &
  Pick<Outcome, 'source'>

/** For each byte of a pattern, the bytes that match it. */
type Pattern = readonly Uint8Array[]

const ZERO = 0x30

const bytesOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0))

const digit = bytesOf(/[0-9]/)
const wordBytes = bytesOf(/[A-Za-z0-9_-]/)
const classes = new Map([
  ['#', digit],
  ['^', bytesOf(/[A-Z]/)],
  ['%', bytesOf(/[0-9a-f]/)],
])
/** `#` is a digit, `^` a capital, `%` a hexadecimal digit; all other characters are themselves. */
const patternOf = (text: string): Pattern =>
  Array.from(
    text,
    (one) => classes.get(one) ?? Uint8Array.from({ length: 256 }, (_, byte) => +(byte === one.charCodeAt(0))),
  )

const TIME = '####-##-##T##:##:##.###Z'
const pattern = {
  eventId: patternOf('{"eventId":"'),
  kind: patternOf('","kind":"'),
  message: patternOf('","message":'),
  customer: patternOf(`${'%'.repeat(24)}"`),
  folio: patternOf('"^^^-####"'),
  noFolio: patternOf('null'),
  times: patternOf(`,"receivedAt":"${TIME}","classifiedAt":"${TIME}","source":{"partition":`),
  offset: patternOf(',"offset":'),
  end: patternOf('}}'),
}
const RECEIVED_AT = ',"receivedAt":"'.length
const CLASSIFIED_AT = RECEIVED_AT + `${TIME}","classifiedAt":"`.length
const CHECKOUT = Buffer.from(',"checkout":{"id":"')
const FOLIO = Buffer.from(',"folio":')

/**
 * Finds the fields of an outcome in JSON that a processor has written: parsing and validating it takes several times as long.
 * Undefined if one is not where `JSON.stringify` puts it: outcomes of faulty purchases, of invalid records and of dead letters
 * that were sent again have to be parsed.
 *
 * No text within a string can be mistaken for a field, because its quotes are escaped.
 */
export function scanOutcome(json: Buffer): ScannedOutcome | undefined {
  const eventId = pattern.eventId.length
  const eventIdEnd = endOf(json, eventId, wordBytes)
  const kind = eventIdEnd + pattern.kind.length
  const kindEnd = endOf(json, kind, wordBytes)
  const customer = json.indexOf(CHECKOUT, kindEnd) + CHECKOUT.length
  const folio = json.indexOf(FOLIO, customer) + FOLIO.length
  const end = json.length - pattern.end.length
  const offset = beginOf(json, end, digit)
  const partitionEnd = offset - pattern.offset.length
  const partition = beginOf(json, partitionEnd, digit)
  const times = partition - pattern.times.length
  const hasFolio = isAt(json, folio, pattern.folio)
  const isOutcome =
    isAt(json, 0, pattern.eventId) &&
    isAt(json, eventIdEnd, pattern.kind) &&
    isAt(json, kindEnd, pattern.message) &&
    customer > kindEnd &&
    isAt(json, customer, pattern.customer) &&
    folio > customer &&
    (hasFolio || isAt(json, folio, pattern.noFolio)) &&
    times > folio &&
    isAt(json, times, pattern.times) &&
    partitionEnd > partition &&
    isAt(json, partitionEnd, pattern.offset) &&
    end > offset &&
    isAt(json, end, pattern.end)
  if (!isOutcome) return undefined
  const text = (from: number, to: number) => json.toString('latin1', from, to)
  return {
    eventId: text(eventId, eventIdEnd),
    kind: text(kind, kindEnd) as OutcomeRecord['kind'],
    customer: text(customer, customer + pattern.customer.length - 1),
    folio: hasFolio ? text(folio + 1, folio + pattern.folio.length - 1) : '',
    receivedAt: timeAt(json, times + RECEIVED_AT),
    classifiedAt: timeAt(json, times + CLASSIFIED_AT),
    source: { partition: numberIn(json, partition, partitionEnd), offset: numberIn(json, offset, end) },
  }
}

function isAt(json: Buffer, at: number, expected: Pattern): boolean {
  for (let index = 0; index < expected.length; index++)
    if (expected[index]?.[json[at + index] ?? 0] !== 1) return false
  return true
}

function endOf(json: Buffer, from: number, bytes: Uint8Array): number {
  let at = from
  while (bytes[json[at] ?? 0] === 1) at++
  return at
}

function beginOf(json: Buffer, end: number, bytes: Uint8Array): number {
  let at = end
  while (bytes[json[at - 1] ?? 0] === 1) at--
  return at
}

function numberIn(json: Buffer, from: number, end: number): number {
  let number = 0
  for (let at = from; at < end; at++) number = number * 10 + (json[at] ?? 0) - ZERO
  return number
}

/** Milliseconds since the epoch. */
function timeAt(json: Buffer, at: number): number {
  const part = (from: number, end: number) => numberIn(json, at + from, at + end)
  return Date.UTC(
    part(0, 4),
    part(5, 7) - 1,
    part(8, 10),
    part(11, 13),
    part(14, 16),
    part(17, 19),
    part(20, 23),
  )
}
