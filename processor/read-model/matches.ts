import { conflictedEventOf } from '../../backbone/records/event-id.ts'
import { isNotifiedKind, type Outcome, type OutcomeKind } from '../../backbone/records/outcome.ts'
import { parseOutcome } from './encoded-outcome.ts'
import type { KindFilter, OutcomeFilter, OutcomeRecord, ServedRecord } from './record.ts'

/** Tests of one filter, for many records. */
export function matcherOf(filter: OutcomeFilter): (record: OutcomeRecord) => boolean {
  const { kinds, customer, owner, folio, product, events } = filter
  const needle = product === undefined ? undefined : needleOf(product)
  return (record) =>
    hasKind(kinds, record.kind) &&
    (customer === undefined || record.customer === customer) &&
    (owner === undefined || record.owner === owner) &&
    (folio === undefined || record.folio === folio) &&
    (events === undefined || isOfEvents(record, events)) &&
    inPeriod(record, filter) &&
    (needle === undefined || (bytesOf(record.json).includes(needle) && hasProduct(record.json, product)))
}

/** Whether outcomes of a kind pass a filter. */
export function hasKind(kinds: KindFilter, kind: OutcomeKind): boolean {
  if (kinds === 'all') return true
  return kinds === 'notified' ? isNotifiedKind(kind) : kinds.has(kind)
}

function inPeriod({ classifiedAt }: ServedRecord, { since, until }: OutcomeFilter): boolean {
  return (since === undefined || classifiedAt >= since) && (until === undefined || classifiedAt < until)
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
export const needleOf = (product: string): Buffer => Buffer.from(JSON.stringify(product))

const hasProduct = (json: Uint8Array, product: string | undefined) =>
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
