import type { DatabaseSync } from 'node:sqlite'
import type { BlockRecord } from './block.ts'
import { createBlockReader } from './block-reader.ts'
import { takeWithinBytes } from './byte-limit.ts'
import { readClaims } from './claims-table.ts'
import { parseOutcome } from './encoded-outcome.ts'
import { createIndexReader, type IndexEntry } from './index-reader.ts'
import { createKindNames } from './kinds-table.ts'
import { preselectorOf, verifierOf } from './matches.ts'
import type { Order } from './merge-partitions.ts'
import {
  type CopiedLog,
  type FoundOutcome,
  hashOf,
  type OutcomeFilter,
  offsetOf,
  type PartitionState,
  partitionOf,
  positionOf,
  type ServedRecord,
} from './record.ts'

/** How many offsets one read without an index covers, where no other limit is given. */
const WINDOW = 512
// The inner nodes of ten million outcomes.
const TUNING = 'PRAGMA cache_size = -8000'
// Each outcome that an index names may be in another block.
const LOOKED_UP_PER_OFFSET = 1 / 8

/** JSON leaves out a `since` that is undefined. */
const copiedIn = (json: string | null): CopiedLog | undefined =>
  json === null
    ? undefined
    : { since: undefined, ...(JSON.parse(json) as Pick<CopiedLog, 'former'> & { since?: number }) }

/** Reads the file of the read model. */
export function createFileReader(database: DatabaseSync) {
  database.exec(TUNING)
  const kinds = createKindNames(database)
  const blocks = createBlockReader(database)
  const events = createIndexReader(database, 'event')
  const customers = createIndexReader(database, 'customer')
  const links = createIndexReader(database, 'link')

  /** Positions from an index; undefined if none leads to fewer outcomes than all. */
  function positionsOf(
    { events: ids, eventsIn, folio, customer }: OutcomeFilter,
    partition: number,
    [from, end]: readonly [number, number],
    order: Order,
  ): Iterable<number> | undefined {
    const [low, high] = [positionOf(partition, from), positionOf(partition, end)]
    if (ids) {
      const hashes = (eventsIn ? eventsIn(partition) : [...ids]).map(hashOf)
      const found = new Set<number>()
      for (const hash of hashes)
        for (const index of [events, links])
          for (const position of index.positions(hash, low, high)) found.add(position)
      const sorted = [...found].toSorted((one, other) => one - other)
      return order === 'oldest first' ? sorted : sorted.toReversed()
    }
    if (folio !== undefined) return links.positions(hashOf(folio), low, high, order)
    if (customer !== undefined) return customers.positions(hashOf(customer), low, high, order)
    return undefined
  }

  function* lookedUp(positions: Iterable<number>): Generator<BlockRecord> {
    for (const position of positions) {
      const record = blocks.at(position)
      if (record) yield record
    }
  }

  const toServed = (partition: number, record: BlockRecord): ServedRecord => ({
    partition,
    offset: record.offset,
    kind: kinds.nameOf(record),
    classifiedAt: record.classifiedAt,
    owner: record.owner,
    json: record.json,
  })

  return {
    /** After each write of the file: until then, the indexes may not lead to what it added. */
    refresh() {
      for (const index of [events, customers, links]) index.refresh()
    },

    /** The positions of events, ordered by hash, after one of them: at least `limit`, or all that are left. */
    events: (after: IndexEntry, limit: number): IndexEntry[] => events.after(after, limit),

    partitions(): Map<number, PartitionState> {
      const rows = database.prepare('SELECT * FROM partitions').all() as {
        partition: number
        next: number
        first: number
        resume: number | null
        log: string
        copied: string | null
      }[]
      return new Map(
        rows.map(({ partition, next, first, resume, log, copied }) => [
          partition,
          { next, first, resume: resume ?? undefined, log, copied: copiedIn(copied) },
        ]),
      )
    },

    claims: () => readClaims(database),

    /** Among the outcomes that the log still contains. */
    find(eventId: string, isKept: (partition: number, offset: number) => boolean): FoundOutcome | undefined {
      for (const position of events.positions(hashOf(eventId), 0, Number.MAX_SAFE_INTEGER)) {
        const [partition, offset] = [partitionOf(position), offsetOf(position)]
        if (!isKept(partition, offset)) continue
        const record = blocks.at(position)
        if (!record || parseOutcome(record.json).eventId !== eventId) continue
        return { partition, offset, owner: record.owner, json: record.json }
      }
      return undefined
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
      const isOldestFirst = order === 'oldest first'
      const positions = positionsOf(filter, partition, [from, end], order)
      const start = positions || isOldestFirst ? from : Math.max(from, end - window)
      const until = positions || !isOldestFirst ? end : Math.min(end, from + window)
      const { since = Number.MIN_SAFE_INTEGER, until: before = Number.MAX_SAFE_INTEGER } = filter
      const bounds = { kinds: kinds.maskOf(filter.kinds), since, until: before }
      const found = positions ? lookedUp(positions) : blocks.between(partition, start, until, bounds, order)
      let left = positions ? Math.ceil(window * LOOKED_UP_PER_OFFSET) : Number.POSITIVE_INFINITY
      const mayMatch = preselectorOf(filter)
      let reached = from

      function* preselected(): Generator<ServedRecord> {
        for (const record of found) {
          const served = toServed(partition, record)
          reached = isOldestFirst ? served.offset + 1 : served.offset
          left--
          if (mayMatch(served)) yield served
          if (left <= 0) return
        }
      }
      const { taken, isAll } = takeWithinBytes(preselected(), limit)
      const isMeant = verifierOf(filter)
      const isWhole = isAll && left > 0
      const wholeEnd = isOldestFirst ? until : start
      return {
        records: taken.filter(({ json }) => isMeant(json)),
        next: isWhole ? wholeEnd : reached,
      }
    },

    close: () => database.close(),
  }
}
