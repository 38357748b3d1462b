import type { IHeaders, KafkaMessage } from 'kafkajs'
import { eventIdOfInvalid } from '../backbone/event-id.ts'
import { header, headerText, ownerOf } from '../backbone/headers.ts'
import type { Outcome, OutcomeKind } from '../backbone/outcome.ts'
import { classify } from './classify.ts'
import { messageFor } from './message.ts'
import { InvalidRecord, type ReadableRecord, readRecord } from './read-record.ts'

export interface DeadLetter {
  key: Buffer | null
  value: Buffer | null
  headers: IHeaders
}

/** What one record of DataTopic leads to: nothing but `offset` when it repeats an event that has its outcome. */
export interface Decision {
  offset: number
  /** Whose event it is. */
  owner: string
  outcome?: Outcome
  /** The body of the outcome's event, to tell a repetition from a conflict. */
  canonical?: string
  deadLetter?: DeadLetter
}

export interface DecisionRules {
  topic: string
  /** Partitions that customers are spread over: each customer has its home partition among them. */
  partitions: number
  thresholdMinutes: number
  storeName: string
}

export const CONFLICT = 'idempotency-conflict'
const NO_BYTES = new Uint8Array()
const YEAR_10_000 = Date.UTC(10_000, 0)

/**
 * Decides on one record. `bodyOf` gives the canonical body under which an event id was decided before, if it was: the
 * first in the partition wins, a repetition leads to nothing, and another body under the same id is never dropped in silence.
 */
export function decideOutcome(
  message: KafkaMessage,
  partition: number,
  rules: DecisionRules,
  bodyOf: (eventId: string) => string | undefined,
  now: () => Date,
): Decision {
  const offset = Number(message.offset)
  const owner = ownerOf(message.headers)
  const stamp = (eventId: string, kind: OutcomeKind, record?: ReadableRecord): Outcome => ({
    eventId,
    kind,
    message: record ? messageFor(kind, record.checkout, rules.storeName) : null,
    checkout: record?.checkout ?? null,
    receivedAt: (receivedAt(message) ?? now()).toISOString(),
    classifiedAt: now().toISOString(),
    source: { partition, offset },
  })
  const reject = (eventId: string, reason: string): Decision => {
    // The id names the place: it is known only when the same record is read again.
    if (bodyOf(eventId) !== undefined) return { offset, owner }
    const source = `${rules.topic}/${partition}/${offset}`
    return {
      offset,
      owner,
      outcome: stamp(eventId, 'invalid'),
      deadLetter: deadLetter(message, reason, source),
    }
  }

  const record = readRecord(message, partition, rules.partitions)
  if (record instanceof InvalidRecord) {
    return reject(eventIdOfInvalid(message.value ?? NO_BYTES, partition, offset), record.reason)
  }
  const { eventId, formerEventId, checkout, canonical } = record
  const decidedBody = bodyOf(eventId)
  if (decidedBody === canonical) return { offset, owner }
  if (decidedBody !== undefined) return reject(`${eventId}-conflict-${offset}`, CONFLICT)
  if (formerEventId !== undefined && bodyOf(formerEventId) === canonical) return { offset, owner }
  return {
    offset,
    owner,
    canonical,
    outcome: stamp(eventId, classify(checkout, rules.thresholdMinutes), record),
  }
}

/**
 * When the gateway took it; for other programs' records, when Kafka did; undefined when neither is a date that an
 * outcome can hold: one with another year than four digits would not be read back by those who follow.
 */
function receivedAt({ headers, timestamp }: KafkaMessage): Date | undefined {
  const candidates = [headerText(headers, header.receivedAt) ?? Number.NaN, Number(timestamp)]
  return candidates
    .map((time) => new Date(time))
    .find((time) => time.getTime() >= 0 && time.getTime() < YEAR_10_000)
}

function deadLetter({ key, value, headers }: KafkaMessage, reason: string, source: string): DeadLetter {
  return { key, value, headers: { ...headers, [header.reason]: reason, [header.source]: source } }
}
