import { ANONYMOUS } from '../../backbone/access/identity.ts'
import { type Homes, homesNow } from '../../backbone/layout/homes.ts'
import { canonicalCheckout } from '../../backbone/records/checkout.ts'
import {
  EVENT_ID,
  eventIdOfBody,
  eventIdOfOwnersBody,
  idOutsideHome,
} from '../../backbone/records/event-id.ts'
import type { Fault } from '../../backbone/records/fault.ts'
import { header, headerText, ownerOf } from '../../backbone/records/headers.ts'
import { type ParsedCheckout, parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { homePartition, laneOf } from '../../backbone/records/partition.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'

export interface ReadableRecord {
  eventId: string
  parsed: Exclude<ParsedCheckout, { is: 'invalid' }>
  /** Two records of one event id are equal if this is equal. */
  canonical: string
  /**
   * Only of a record without an event id: the one that it has if the customer's home is another partition, or has become
   * this one.
   */
  otherId?: string
}

/** Why a record cannot be read as a checkout. It names fields, never their values. */
export class InvalidRecord {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads a record of DataTopic: from the gateway, with headers, or from another program, with plain JSON. */
export function readRecord(
  { value, headers }: Pick<StoredRecord, 'value' | 'headers'>,
  partition: number,
  homes: Homes,
): ReadableRecord | InvalidRecord {
  if (value === null) return new InvalidRecord('no value')
  const json = parseJson(value)
  if (json instanceof InvalidRecord) return json
  const parsed = parseCheckout(json)
  if (parsed.is === 'invalid')
    return new InvalidRecord(`invalid checkout: ${parsed.faults.map(describeFault).join('; ')}`)
  const canonical = canonicalCheckout(parsed.checkout)
  const given = eventIdIn(headers)
  if (given !== undefined) return { eventId: given, parsed, canonical }
  const { checkout } = parsed
  const owner = ownerOf(headers)
  const idAtHome = owner === ANONYMOUS ? eventIdOfBody(canonical) : eventIdOfOwnersBody(owner, canonical)
  const isAtHome = partition === homePartition(checkout.id, laneOf(checkout), homesNow(homes))
  // Outside the home partition another owner decides, which does not know the same body at home. So it is another event.
  const idElsewhere = idOutsideHome(idAtHome, partition)
  const ids = isAtHome
    ? { eventId: idAtHome, otherId: idElsewhere }
    : { eventId: idElsewhere, otherId: idAtHome }
  return { ...ids, parsed, canonical }
}

function eventIdIn(headers: StoredRecord['headers']): string | undefined {
  const given = headerText(headers, header.eventId)
  return given !== undefined && EVENT_ID.test(given) ? given : undefined
}

const describeFault = ({ pointer, code, detail }: Fault) => `${pointer} (${code}) ${detail}`.trim()

function parseJson(value: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(value)
  } catch {
    return new InvalidRecord('not UTF-8')
  }
  try {
    return JSON.parse(text)
  } catch {
    return new InvalidRecord(`not JSON: ${syntaxErrorOf(text)}`)
  }
}
