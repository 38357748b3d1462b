import type { Checkout } from '../../../backbone/records/checkout.ts'
import type { Outcome } from '../../../backbone/records/outcome.ts'
import { expectedOutcome } from '../../../loadgen/outcomes/expected-outcome.ts'
import { createLog, type Log, type Place } from './log.ts'
import type { LoggedRecord } from './logged-record.ts'
import { parseOutcome } from './parse-outcome.ts'
import { textHash } from './text-hash.ts'

/** An outcome in Notifications, without customer data. */
export interface OutcomeRecord extends Place {
  timestamp: number
  eventId: string
  kind: Outcome['kind']
  sourcePartition: number
  sourceOffset: number
  /** Undefined: it contains no checkout. */
  bodyHash: number | undefined
  receivedAtHash: number
  keyIsEventId: boolean
  /** It has a list of faults. */
  isFaulty: boolean
  /** Kind and message match its checkout, by docs/reference/domain.md. */
  isAsDomainSays: boolean
  /** Of its JSON; subscribers hash the same line of data. */
  lineHash: number
  /** Of its JSON without the time of classification. */
  timelessHash: number
}

export interface Outcomes {
  log: Log<OutcomeRecord>
  /** Neither outcomes nor claims. */
  unreadable: readonly Place[]
  /** If there are several, the first one that was read; the same applies to `ofRecord`. */
  ofEvent(eventId: string): OutcomeRecord | undefined
  ofRecord(partition: number, offset: number): OutcomeRecord | undefined
}

// JSON text cannot contain this: its quotes would be escaped.
const CLASSIFIED_AT = /"classifiedAt":"[^"]*"/

export function createOutcomeIndex(topic: string) {
  const { log, add } = createLog<OutcomeRecord>(topic, describe)
  const unreadable: Place[] = []
  const byEvent = new Map<string, OutcomeRecord>()
  const bySource = new Map<number, OutcomeRecord>()
  const outcomes: Outcomes = {
    log,
    unreadable,
    ofEvent: (eventId) => byEvent.get(eventId),
    ofRecord: (partition, offset) => bySource.get(sourceKey(partition, offset)),
  }

  return {
    outcomes,
    add(record: LoggedRecord): void {
      const { partition, offset, headers, value } = record
      if (value === 'null' && headers.has('claim')) return
      const outcome = parseOutcome(value)
      if (!outcome) {
        unreadable.push({ partition, offset })
        return
      }
      const condensed = condense(record, outcome)
      const source = sourceKey(condensed.sourcePartition, condensed.sourceOffset)
      add(condensed)
      if (!byEvent.has(condensed.eventId)) byEvent.set(condensed.eventId, condensed)
      if (!bySource.has(source)) bySource.set(source, condensed)
    },
  }
}

function condense(
  { partition, offset, timestamp, key, value }: LoggedRecord,
  outcome: Outcome,
): OutcomeRecord {
  const { eventId, kind, message, checkout, receivedAt, source } = outcome
  const expected = expectedOf(outcome)
  return {
    partition,
    offset,
    timestamp,
    eventId,
    kind,
    sourcePartition: source.partition,
    sourceOffset: source.offset,
    bodyHash: checkout === null ? undefined : textHash(JSON.stringify(checkout)),
    receivedAtHash: textHash(receivedAt),
    keyIsEventId: key === eventId,
    isFaulty: outcome.faults !== undefined,
    isAsDomainSays: kind === expected.kind && message === expected.message,
    lineHash: Bun.hash.xxHash32(value),
    timelessHash: textHash(value.replace(CLASSIFIED_AT, '')),
  }
}

function expectedOf({ checkout, faults }: Outcome) {
  if (checkout === null) return { kind: 'invalid', message: null }
  return faults === undefined ? expectedOutcome(checkout as Checkout) : { kind: 'unverified', message: null }
}

// 4 × 10^12 offsets per partition.
const sourceKey = (partition: number, offset: number) => partition * 2 ** 42 + offset

const describe = ({ eventId, kind, sourcePartition, sourceOffset, bodyHash }: OutcomeRecord) =>
  `${eventId} ${kind} source=${sourcePartition}/${sourceOffset} checkout=${bodyHash?.toString(16) ?? '-'}`
