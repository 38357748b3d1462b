import type { DatabaseSync } from 'node:sqlite'
import { kindOfNumber, kindRules, type OutcomeKind } from '../../backbone/records/outcome.ts'
import { takeWithinBytes } from './byte-limit.ts'
import { readClaims } from './claims-table.ts'
import { parseOutcome } from './encoded-outcome.ts'
import {
  type FoundOutcome,
  hashOf,
  type OutcomeFilter,
  offsetOf,
  type PartitionState,
  partitionOf,
  positionOf,
  type ServedRecord,
} from './record.ts'

interface Row {
  position: number
  kind: number
  classified_at: number
  owner: string
  json: Uint8Array
}

/** The hash of an event id, and the position of its outcome. */
export interface EventPosition {
  event: number
  position: number
}

/** How many rows one read without a customer looks at: one row in a million may match the filter. */
const WINDOW = 512

// The whole filter, so that rows that do not match are never read. Only the hash of a customer has to be
// verified.
const PASSES = '(1 << kind) & ?3 AND classified_at >= ?4 AND classified_at < ?5 AND owner = ifnull(?6, owner)'

/** Reads the file of the read model. */
export function createFileReader(database: DatabaseSync) {
  const { byEvent, inOrder, ofCustomer, events } = prepareStatements(database)

  return {
    /** The positions of events, ordered by hash, after one of them. */
    events: (after: EventPosition, limit: number): EventPosition[] =>
      events.all(after.event, after.position, limit) as unknown as EventPosition[],

    partitions(): Map<number, PartitionState> {
      const rows = database.prepare('SELECT * FROM partitions').all() as {
        partition: number
        next: number
        first: number
        resume: number | null
        log: string
      }[]
      return new Map(
        rows.map(({ partition, next, first, resume, log }) => [
          partition,
          { next, first, resume: resume ?? undefined, log },
        ]),
      )
    },

    claims: () => readClaims(database),

    /** Among the outcomes that the log still contains. */
    find(eventId: string, isKept: (partition: number, offset: number) => boolean): FoundOutcome | undefined {
      const rows = byEvent.all(hashOf(eventId)) as Pick<Row, 'position' | 'owner' | 'json'>[]
      const row = rows.find(
        ({ position, json }) =>
          isKept(partitionOf(position), offsetOf(position)) && parseOutcome(json).eventId === eventId,
      )
      return row && placed(row)
    },

    /**
     * Up to `limit` matching records at or after `from` and before `end`; `next` is the offset to continue
     * from.
     */
    read(partition: number, from: number, end: number, filter: OutcomeFilter, limit: number) {
      const { since = Number.MIN_SAFE_INTEGER, until: before = Number.MAX_SAFE_INTEGER } = filter
      const passes = [kindMask(filter.kinds), since, before, filter.owner ?? null]
      const first = positionOf(partition, from)
      const until = filter.customer === undefined ? Math.min(end, from + WINDOW) : end
      const last = positionOf(partition, until)
      const found = (filter.customer === undefined
        ? inOrder.iterate(first, last, ...passes, limit)
        : ofCustomer.iterate(
            first,
            last,
            ...passes,
            hashOf(filter.customer),
            limit,
          )) as unknown as Iterable<Row>
      const { taken: rows, isAll } = takeWithinBytes(found, limit)
      const lastRow = rows.at(-1)
      const next = isAll || !lastRow ? until : offsetOf(lastRow.position) + 1
      const records = rows
        .filter(
          ({ json }) => filter.customer === undefined || parseOutcome(json).checkout?.id === filter.customer,
        )
        .map((row) => toRecord(partition, row))
      return { records, next }
    },

    close: () => database.close(),
  }
}

function prepareStatements(database: DatabaseSync) {
  const byEvent = database.prepare(
    `SELECT position, owner, json FROM outcomes WHERE position IN
     (SELECT position FROM events WHERE event = ?1 UNION ALL SELECT position FROM recent_events WHERE event = ?1)`,
  )
  const inOrder = database.prepare(
    `SELECT position, kind, classified_at, json FROM outcomes
     WHERE position >= ?1 AND position < ?2 AND ${PASSES} ORDER BY position LIMIT ?7`,
  )
  // Cross joins force the order of the index: the thousands of outcomes of a customer are not sorted for each
  // page.
  const ofCustomerIn = (index: string) =>
    `SELECT * FROM (SELECT place.position, kind, classified_at, json
     FROM ${index} AS place CROSS JOIN outcomes ON outcomes.position = place.position
     WHERE place.customer = ?7 AND place.position >= ?1 AND place.position < ?2 AND ${PASSES}
     ORDER BY place.position LIMIT ?8)`
  const ofCustomer = database.prepare(
    `${ofCustomerIn('customers')} UNION ALL ${ofCustomerIn('recent_customers')} ORDER BY position LIMIT ?8`,
  )

  const events = database.prepare(
    `SELECT event, position FROM events WHERE (event, position) > (?1, ?2)
     UNION ALL SELECT event, position FROM recent_events WHERE (event, position) > (?1, ?2)
     ORDER BY event, position LIMIT ?3`,
  )
  return { byEvent, inOrder, ofCustomer, events }
}

const placed = ({ position, owner, json }: Pick<Row, 'position' | 'owner' | 'json'>): FoundOutcome => ({
  partition: partitionOf(position),
  offset: offsetOf(position),
  owner,
  json,
})

function kindMask(kinds: ReadonlySet<OutcomeKind>): number {
  return [...kinds].reduce((mask, kind) => mask | (1 << kindRules[kind].number), 0)
}

function toRecord(partition: number, { position, kind, classified_at, json }: Row): ServedRecord {
  return {
    partition,
    offset: offsetOf(position),
    kind: kindOfNumber(kind),
    classifiedAt: classified_at,
    json,
  }
}
