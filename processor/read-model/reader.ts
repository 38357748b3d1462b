import type { DatabaseSync } from 'node:sqlite'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'
import { takeWithinBytes } from './byte-limit.ts'
import { readClaims } from './claims-table.ts'
import { parseOutcome } from './encoded-outcome.ts'
import { createKindNames } from './kinds-table.ts'
import { hasKind, needleOf, verifierOf } from './matches.ts'
import type { Order } from './merge-partitions.ts'
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
import { type OutcomeRow, prepareStatements, type Selected } from './statements.ts'

/** The hash of an event id, and the position of its outcome. */
export interface EventPosition {
  event: number
  position: number
}

/** How many rows one read without an index looks at, where no other limit is given. */
const WINDOW = 512

/** Reads the file of the read model. */
export function createFileReader(database: DatabaseSync) {
  const { byEvent, events, selections } = prepareStatements(database)
  const kinds = createKindNames(database)

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
      const rows = byEvent.all(hashOf(eventId)) as Pick<OutcomeRow, 'position' | 'owner' | 'json'>[]
      const row = rows.find(
        ({ position, json }) =>
          isKept(partitionOf(position), offsetOf(position)) && parseOutcome(json).eventId === eventId,
      )
      return row && placed(row)
    },

    /**
     * Up to `limit` matching records at or after `from` and before `end`. `next` is the offset to continue
     * from; newest first, the offset before which to continue.
     */
    read(
      partition: number,
      from: number,
      end: number,
      filter: OutcomeFilter,
      limit: number,
      order: Order = 'oldest first',
      window = WINDOW,
    ) {
      const { by, keys } = selectionOf(filter, partition)
      const start = by === 'order' && order === 'newest first' ? Math.max(from, end - window) : from
      const until = by === 'order' && order === 'oldest first' ? Math.min(end, from + window) : end
      const { since = Number.MIN_SAFE_INTEGER, until: before = Number.MAX_SAFE_INTEGER } = filter
      const found = selections[order][by].iterate(
        positionOf(partition, start),
        positionOf(partition, until),
        kinds.maskOf(filter.kinds),
        since,
        before,
        filter.owner ?? null,
        filter.product === undefined ? null : needleOf(filter.product),
        limit,
        ...keys,
      ) as unknown as Iterable<OutcomeRow>
      const { taken: rows, isAll } = takeWithinBytes(found, limit)
      const last = isAll ? undefined : rows.at(-1)
      const next = {
        'oldest first': last ? offsetOf(last.position) + 1 : until,
        'newest first': last ? offsetOf(last.position) : start,
      }[order]
      const isMeant = verifierOf(filter)
      const records: ServedRecord[] = []
      for (const row of rows) {
        if (!isMeant(row.json)) continue
        const kind = kinds.nameOf(row)
        if (kinds.isShared(row.kind) && !hasKind(filter.kinds, kind)) continue
        records.push(toRecord(partition, row, kind))
      }
      return { records, next }
    },

    close: () => database.close(),
  }
}

/** The index that leads to the fewest rows, and what is looked up in it. */
function selectionOf(
  { events, eventsIn, folio, customer }: OutcomeFilter,
  partition: number,
): { by: Selected; keys: (number | string)[] } {
  if (events) {
    const ids = eventsIn ? eventsIn(partition) : [...events]
    return { by: 'events', keys: [JSON.stringify(ids.map(hashOf))] }
  }
  if (folio !== undefined) return { by: 'link', keys: [hashOf(folio)] }
  if (customer !== undefined) return { by: 'customer', keys: [hashOf(customer)] }
  return { by: 'order', keys: [] }
}

const placed = ({
  position,
  owner,
  json,
}: Pick<OutcomeRow, 'position' | 'owner' | 'json'>): FoundOutcome => ({
  partition: partitionOf(position),
  offset: offsetOf(position),
  owner,
  json,
})

function toRecord(
  partition: number,
  { position, classified_at, owner, json }: OutcomeRow,
  kind: OutcomeKind,
): ServedRecord {
  return {
    partition,
    offset: offsetOf(position),
    kind,
    classifiedAt: classified_at,
    owner,
    json,
  }
}
