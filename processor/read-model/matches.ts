import { conflictedEventOf } from '../../backbone/records/event-id.ts'
import { isNotifiedKind, type Outcome, type OutcomeKind } from '../../backbone/records/outcome.ts'
import { parseOutcome } from './encoded-outcome.ts'
import type { KindFilter, OutcomeFilter, OutcomeRecord, ServedRecord } from './record.ts'

/** Tests of one filter, for many records. */
export function matcherOf(filter: OutcomeFilter): (record: OutcomeRecord) => boolean {
  const { customer, folio, product, events } = filter
  const mayMatch = preselectorOf(filter)
  return (record) =>
    mayMatch(record) &&
    (customer === undefined || record.customer === customer) &&
    (folio === undefined || record.folio === folio) &&
    (events === undefined || isOfEvents(record, events)) &&
    (product === undefined || hasProduct(record.json, product))
}

/** Tests all that can be tested without parsing; the rest is that of {@link verifierOf}. */
export function preselectorOf({
  kinds,
  owner,
  product,
  since,
  until,
}: OutcomeFilter): (record: Pick<ServedRecord, 'kind' | 'owner' | 'classifiedAt' | 'json'>) => boolean {
  const needle = product === undefined ? undefined : needleOf(product)
  return ({ kind, owner: ofRecord, classifiedAt, json }) =>
    hasKind(kinds, kind) &&
    (owner === undefined || ofRecord === owner) &&
    (since === undefined || classifiedAt >= since) &&
    (until === undefined || classifiedAt < until) &&
    (needle === undefined || bytesOf(json).includes(needle))
}

/** Whether outcomes of a kind pass a filter. */
export function hasKind(kinds: KindFilter, kind: OutcomeKind): boolean {
  if (kinds === 'all') return true
  return kinds === 'notified' ? isNotifiedKind(kind) : kinds.has(kind)
}

/** Whether rows that were found by hashes or bytes are really meant. */
export function verifierOf({
  customer,
  folio,
  product,
  events,
}: OutcomeFilter): (json: Uint8Array) => boolean {
  if ([customer, folio, product, events].every((asked) => asked === undefined)) return () => true
  return (json) => {
    const outcome = parseOutcome(json)
    const { checkout } = outcome
    return (
      (customer === undefined || checkout?.id === customer) &&
      (folio === undefined || checkout?.folio === folio) &&
      (product === undefined || checkout?.productovisto === product) &&
      (events === undefined || isOfEvents(outcome, events))
    )
  }
}

/** What the JSON of an outcome with this product contains: few others do, and those have to be parsed. */
const needleOf = (product: string): Buffer => Buffer.from(JSON.stringify(product))

const hasProduct = (json: Uint8Array, product: string) =>
  parseOutcome(json).checkout?.productovisto === product

type Named = Pick<Outcome, 'eventId' | 'kind'>

/** The event whose id a record had that was in conflict with it. */
export const conflictedBy = ({ eventId, kind }: Named): string | undefined =>
  kind === 'invalid' ? conflictedEventOf(eventId) : undefined

function isOfEvents(outcome: Named, events: ReadonlySet<string>): boolean {
  if (events.has(outcome.eventId)) return true
  const conflicted = conflictedBy(outcome)
  return conflicted !== undefined && events.has(conflicted)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
