import { isNotifiedKind, type Outcome, type OutcomeKind } from '../../backbone/records/outcome.ts'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { hashOf, type OutcomeRecord } from '../read-model/record.ts'

/** A record of DataTopic; an object is serialised as JSON. */
export function dataRecord(
  offset: number,
  value: object | string | Buffer | null,
  {
    headers,
    timestamp = '1764115200000',
    key = null,
  }: Partial<StoredRecord> & { headers?: RecordHeaders } = {},
): StoredRecord {
  const text = typeof value === 'object' && !Buffer.isBuffer(value) ? JSON.stringify(value) : value
  return {
    key,
    value: value === null ? null : Buffer.from(text),
    timestamp,
    offset: String(offset),
    headers: headers ?? {},
  }
}

interface GivenOutcome {
  eventId?: string
  customer?: string
  owner?: string
  kind?: OutcomeKind
  classifiedAt?: number
  log?: string
  productovisto?: string
  folio?: string | null
}

export const eventAt = (partition: number, offset: number, log = ''): string =>
  `event${log}-${partition}-${offset}`

/** An outcome as it is followed. */
export function outcomeRecord(partition: number, offset: number, given: GivenOutcome = {}): OutcomeRecord {
  const {
    kind = 'quick',
    owner = 'anonymous',
    customer = boughtQuickly.id,
    classifiedAt = 1_000 + offset,
    productovisto = boughtQuickly.productovisto,
    folio = boughtQuickly.folio,
  } = given
  const eventId = given.eventId ?? eventAt(partition, offset, given.log)
  const outcome: Outcome = {
    eventId,
    kind,
    message: isNotifiedKind(kind) ? `Estimad@ ${boughtQuickly.nombre},\n\nñandú ${folio}` : null,
    checkout: kind === 'invalid' ? null : { ...boughtQuickly, id: customer, productovisto, folio },
    receivedAt: new Date(classifiedAt).toISOString(),
    classifiedAt: new Date(classifiedAt).toISOString(),
    source: { partition, offset },
  }
  return {
    partition,
    offset,
    eventId,
    eventHash: hashOf(eventId),
    customer: kind === 'invalid' ? '' : customer,
    folio: kind === 'invalid' ? '' : (folio ?? ''),
    owner,
    kind,
    receivedAt: classifiedAt,
    classifiedAt,
    json: Buffer.from(JSON.stringify(outcome)),
  }
}
