import { createLog, type Place } from './log.ts'
import type { LoggedRecord } from './logged-record.ts'
import { plainCheckout } from './plain-checkout.ts'
import { plainEventId } from './plain-event-id.ts'
import { textHash } from './text-hash.ts'

/** A record of DataTopic, without customer data. */
export interface DataRecord extends Place {
  timestamp: number
  fromGateway: boolean
  /** Undefined: it is not a checkout. */
  eventId: string | undefined
  valueHash: number
  /** Hash of the canonical checkout. */
  bodyHash: number | undefined
  /** A proven purchase with faults in other fields. */
  isFaulty: boolean
  /** Undefined: the time of the header does not count. */
  receivedAtHash: number | undefined
  leadsTo: 'outcome' | 'repetition' | 'conflict' | 'invalid'
}

/** The event id of the record's outcome. */
export const outcomeIdOf = ({ leadsTo, eventId, offset }: DataRecord): string | undefined =>
  leadsTo === 'conflict' ? `${eventId}-conflict-${offset}` : eventId

// Written by a gateway. Without it, Kafka's timestamp of the record counts.
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/**
 * What each record of DataTopic leads to, by docs/reference/http-api.md, Retries and idempotency: the first
 * record of an event id in the partition wins.
 */
export function createDataIndex(topic: string, partitions: number) {
  const { log, add } = createLog<DataRecord>(topic, describe)
  const bodies = new Map<number, Map<string, number>>()

  function identify({ headers, value, partition }: LoggedRecord, valueHash: number) {
    const given = headers.get('event-id')
    // The gateway writes the canonical form. Comparing the bodies of the ledger verifies that.
    if (given !== undefined) return { eventId: given, bodyHash: valueHash, isFaulty: false }
    const plain = plainCheckout(value)
    if (!plain) return undefined
    return {
      eventId: plainEventId(plain.checkout, partition, partitions),
      bodyHash: textHash(JSON.stringify(plain.checkout)),
      isFaulty: plain.isFaulty,
    }
  }

  function consequence(partition: number, eventId: string, bodyHash: number): DataRecord['leadsTo'] {
    const decided = bodies.get(partition) ?? new Map<string, number>()
    bodies.set(partition, decided)
    const first = decided.get(eventId)
    if (first === undefined) decided.set(eventId, bodyHash)
    if (first === undefined) return 'outcome'
    return first === bodyHash ? 'repetition' : 'conflict'
  }

  return {
    log,
    add(record: LoggedRecord): void {
      const { partition, offset, timestamp, headers, value } = record
      const valueHash = textHash(value)
      const event = identify(record, valueHash)
      const receivedAt = headers.get('received-at') ?? ''
      add({
        partition,
        offset,
        timestamp,
        fromGateway: headers.has('event-id'),
        eventId: event?.eventId,
        valueHash,
        bodyHash: event?.bodyHash,
        isFaulty: event?.isFaulty ?? false,
        receivedAtHash: INSTANT.test(receivedAt) ? textHash(receivedAt) : undefined,
        leadsTo: event ? consequence(partition, event.eventId, event.bodyHash) : 'invalid',
      })
    },
  }
}

const describe = ({ eventId, leadsTo, valueHash, fromGateway }: DataRecord) =>
  `${eventId ?? '-'} ${leadsTo} ${fromGateway ? 'gateway' : 'plain'} value=${valueHash.toString(16)}`
