import { type Homes, homesNow, wasHome } from '../../backbone/layout/homes.ts'
import type { Checkout } from '../../backbone/records/checkout.ts'
import { conflictIdOf, eventIdOfInvalid, idWithPartition } from '../../backbone/records/event-id.ts'
import { header, ownerOf } from '../../backbone/records/headers.ts'
import type { Outcome, OutcomeKind } from '../../backbone/records/outcome.ts'
import { homePartition, laneOf } from '../../backbone/records/partition.ts'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import { classify, type PurchaseKind } from './classify.ts'
import { InvalidRecord, type ReadableRecord, readRecord } from './read-record.ts'
import { receivedAt } from './received-at.ts'
import { redriveIn } from './redrive-in.ts'

export interface DeadLetter {
  key: Buffer | null
  value: Buffer | null
  headers: RecordHeaders
}

/**
 * The decision on one record of DataTopic; only `offset` if it repeats an event that already has an outcome. With
 * `forward`, the decision is another owner's.
 */
export interface Decision {
  offset: number
  /** Owner of the event. */
  owner: string
  outcome?: Outcome
  /** That of the outcome, in milliseconds since the epoch. */
  receivedAt?: number
  /** The body of the outcome's event. It distinguishes a repetition from a conflict. */
  canonical?: string
  deadLetter?: DeadLetter
  /** The event is decided on in this partition, which became the customer's home: the record is copied there. */
  forward?: { to: number; record: StoredRecord }
  /** Sampled: what the record becomes belongs to it. */
  trace?: TraceContext
}

/** What is known of an event that was decided on before. */
export interface DecidedEvent {
  canonical: string
  /** Of its record; undefined if it was decided on another cluster. */
  source: Outcome['source'] | undefined
}

/**
 * Whether a record that was received at a time was rejected on another cluster, where it had another offset. `idAt` is the id
 * of its outcome at an offset.
 */
export type WasRejectedElsewhere = (receivedAt: number, idAt: (offset: number) => string) => boolean

/** Those that do not change while a processor runs. */
export interface FixedRules {
  topic: string
  /** A larger `taps` is a telemetry error. */
  longestPlausibleMinutes: number
  messages: {
    kinds: readonly PurchaseKind[]
    isFollowedUp: (kind: OutcomeKind) => boolean
    messageFor: (kind: OutcomeKind, checkout: Checkout) => string | null
  }
}

export interface DecisionRules extends FixedRules {
  /** The last one: partitions that customers are spread over; each customer has a home partition among them. */
  homes: Homes
}

export const CONFLICT = 'idempotency-conflict'
const NO_BYTES = Buffer.alloc(0)

/**
 * Decides on one record. `decided` returns how an event id was decided on before, if it was. The first record in the partition wins. A repetition has no outcome. Another body with the same id is
 * a conflict, and is never dropped silently. `wasRejectedElsewhere` is only needed if outcomes were copied.
 */
export function decideOutcome(
  message: StoredRecord,
  partition: number,
  rules: DecisionRules,
  decided: (eventId: string) => DecidedEvent | undefined,
  now: () => Date,
  wasRejectedElsewhere: WasRejectedElsewhere = () => false,
): Decision {
  const offset = Number(message.offset)
  const owner = ownerOf(message.headers)
  const redrive = redriveIn(message.headers, partition)
  const stamp = (
    eventId: string,
    { kind, message: text, checkout, faults }: Pick<Outcome, 'kind' | 'message' | 'checkout' | 'faults'>,
  ): Required<Pick<Decision, 'outcome' | 'receivedAt'>> => {
    const received = receivedAt(message) ?? now()
    const outcome: Outcome = {
      eventId,
      kind,
      message: text,
      checkout,
      receivedAt: received.toISOString(),
      classifiedAt: now().toISOString(),
      source: { partition, offset },
    }
    if (faults !== undefined) outcome.faults = faults
    if (redrive !== undefined) outcome.redrive = redrive
    return { outcome, receivedAt: received.getTime() }
  }
  const isThisRecord = (known: DecidedEvent | undefined): boolean =>
    known?.source?.partition === partition && known.source.offset === offset
  const reject = (idAt: (offset: number) => string, reason: string): Decision => {
    if (wasRejectedElsewhere(receivedAt(message)?.getTime() ?? Number.NaN, idAt)) return { offset, owner }
    const id = idAt(offset)
    const known = decided(id)
    // Another program gave one event id to records in several partitions, or this id to another record; or another cluster
    // rejected another record at an equal offset.
    const eventId = known === undefined || isThisRecord(known) ? id : idWithPartition(id, partition)
    const same = decided(eventId)
    // It was read again; or the same bytes were rejected at the same offset of another cluster.
    if (isThisRecord(same) || (same && same.source === undefined)) return { offset, owner }
    const source = `${rules.topic}/${partition}/${offset}`
    return {
      offset,
      owner,
      ...stamp(eventId, { kind: 'invalid', message: null, checkout: null }),
      deadLetter: deadLetter(message, reason, source),
    }
  }

  const record = readRecord(message, partition, rules.homes)
  if (record instanceof InvalidRecord) {
    return reject((at) => eventIdOfInvalid(message.value ?? NO_BYTES, partition, at), record.reason)
  }
  const { eventId, canonical } = record
  const known = decided(eventId)
  if (known?.canonical === canonical || wasDecidedHere(record, partition, rules, decided))
    return { offset, owner }
  if (known !== undefined) return reject((at) => conflictIdOf(eventId, at), CONFLICT)
  const to = newHomeOf(record, message, partition, rules.homes)
  if (to !== undefined) return { offset, owner, forward: { to, record: message } }
  const { outcome, receivedAt: at } = stamp(eventId, conclude(record, rules))
  return { offset, owner, canonical, outcome, receivedAt: at }
}

/**
 * The home of an event whose former home is this partition; undefined if it is decided on here. Records of other programs
 * stay where they were written, and so do dead letters that were sent again: the customer does not decide their partition.
 */
function newHomeOf(
  { parsed, otherId }: ReadableRecord,
  { headers }: StoredRecord,
  partition: number,
  homes: Homes,
): number | undefined {
  if (homes.length === 1 || otherId !== undefined || headers?.[header.redriveOf] !== undefined)
    return undefined
  const { id: customer } = parsed.checkout
  const lane = laneOf(parsed.checkout)
  const home = homePartition(customer, lane, homesNow(homes))
  return home !== partition && wasHome(partition, customer, lane, homes) ? home : undefined
}

/**
 * A record without an event id that was decided on before the layout changed, and is read again: its partition was the
 * customer's home then, and is not any more, or the reverse. So a record is one event, whenever it is read.
 */
function wasDecidedHere(
  { otherId, canonical }: ReadableRecord,
  partition: number,
  { homes }: DecisionRules,
  decided: (eventId: string) => DecidedEvent | undefined,
): boolean {
  if (homes.length === 1 || otherId === undefined) return false
  const known = decided(otherId)
  // Outcomes that were copied from another cluster tell no source.
  return known?.canonical === canonical && (known.source ?? { partition }).partition === partition
}

function conclude({ parsed }: ReadableRecord, rules: DecisionRules) {
  const { checkout, faults } = parsed
  if (parsed.is === 'faulty purchase') return { kind: 'unverified', message: null, checkout, faults } as const
  const { messages, longestPlausibleMinutes } = rules
  const kind = classify(parsed.checkout, { kinds: messages.kinds, longestPlausibleMinutes })
  return { kind, message: messages.messageFor(kind, parsed.checkout), checkout }
}

function deadLetter({ key, value, headers }: StoredRecord, reason: string, source: string): DeadLetter {
  return { key, value, headers: { ...headers, [header.reason]: reason, [header.source]: source } }
}
