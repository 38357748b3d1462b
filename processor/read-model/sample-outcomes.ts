import type { DatabaseSync } from 'node:sqlite'
import type { BlockRecord } from './block.ts'
import { createBlockReader, EVERYTHING } from './block-reader.ts'
import { openCacheFile } from './cache-file.ts'
import { createKindNames } from './kinds-table.ts'
import { preselectorOf } from './matches.ts'
import type { KindFilter } from './record.ts'

interface SampleQuery {
  kinds: KindFilter
  owner: string | undefined
  /** Bounds of `classifiedAt`, in milliseconds: at or after `since`, before `until`. */
  since: number
  until: number
  /** Of more positions, about so many are read: the same ones each time, so that answers do not differ by chance. */
  most: number
  /** Asked now and then. If true, the read ends with a {@link ReadCancelledError}. */
  isCancelled: () => boolean
}

export interface Sample<Item> {
  items: Item[]
  /** Undefined if all that match were read; otherwise about how many there are. */
  ofAbout: number | undefined
}

export class ReadCancelledError extends Error {
  override readonly name = 'ReadCancelledError'
}

/** A part of a partition, by offsets. */
interface Range {
  partition: number
  from: number
  end: number
}

// Partitions may change their owner, whose clock may differ: outcomes are only nearly in the order of their times.
const CLOCKS_DIFFER_BY_MS = 60_000
const ROWS_PER_CHECK = 1_000

/** Reads the outcomes of a period with a connection of its own, for another thread than those of the read model. */
export function openSampler(path: string) {
  const database = openCacheFile(path)
  database.exec('PRAGMA query_only = ON')
  const kindNames = createKindNames(database)
  const blocks = createBlockReader(database)

  /** The first offset whose outcome was classified at this time or later. */
  function offsetAt(partition: number, first: number, next: number, time: number): number {
    let [low, high] = [first, next]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const record = blocks.first(partition, middle, high)
      if (record === undefined || record.classifiedAt >= time) high = middle
      else low = record.offset + 1
    }
    return low
  }

  const rangesOf = (since: number, until: number): Range[] =>
    partitionsOf(database).map(({ partition, first, next }) => {
      const from = offsetAt(partition, first, next, since - CLOCKS_DIFFER_BY_MS)
      return { partition, from, end: offsetAt(partition, from, next, until + CLOCKS_DIFFER_BY_MS) }
    })

  function* all(ranges: readonly Range[]): Generator<BlockRecord> {
    for (const { partition, from, end } of ranges) yield* blocks.between(partition, from, end, EVERYTHING)
  }

  /**
   * Positions by random numbers that are always theirs (Brewer, Early and Joyce, "Selecting several samples from a
   * single population", Australian Journal of Statistics 14, 1972): of equal parts of the log, some have one.
   */
  function* some(ranges: readonly Range[], length: number, most: number): Generator<BlockRecord> {
    const share = most / length
    const size = 2 ** Math.floor(Math.log2(1 / share))
    for (const { partition, from, end } of ranges) {
      for (let part = Math.floor(from / size); part * size < end; part++) {
        if (draw(partition, 2 * part) >= share * size) continue
        const at = part * size + Math.floor(draw(partition, 2 * part + 1) * size)
        if (at < from || at >= end) continue
        const record = blocks.first(partition, at, Math.min(end, (part + 1) * size))
        if (record) yield record
      }
    }
  }

  /** The outcomes of a sample, and of how much of the log. Both throw a ReadCancelledError. */
  function sample({ kinds, owner, since, until, most, isCancelled }: SampleQuery) {
    if (isCancelled()) throw new ReadCancelledError()
    const ranges = rangesOf(since, until)
    const length = ranges.reduce((sum, { from, end }) => sum + end - from, 0)
    const isWhole = length <= most

    const isMeant = preselectorOf({ kinds, since, until, ...(owner === undefined ? {} : { owner }) })

    function* meant(): Generator<BlockRecord> {
      let seen = 0
      for (const record of isWhole ? all(ranges) : some(ranges, length, most)) {
        if (++seen % ROWS_PER_CHECK === 0 && isCancelled()) throw new ReadCancelledError()
        if (isMeant({ ...record, kind: kindNames.nameOf(record) })) yield record
      }
    }
    return { length, isWhole, outcomes: meant() }
  }

  return {
    /** `toItem`: what is kept of an outcome. Throws a ReadCancelledError. */
    read<Item>(query: SampleQuery, toItem: (json: Uint8Array) => Item): Sample<Item> {
      const { length, isWhole, outcomes } = sample(query)
      const items = Array.from(outcomes, ({ json }) => toItem(json))
      return { items, ofAbout: isWhole ? undefined : Math.round((items.length / query.most) * length) }
    },

    /** The same outcomes one at a time, so that none has to be kept. Throws a ReadCancelledError. */
    *each(query: SampleQuery): Generator<Uint8Array> {
      for (const { json } of sample(query).outcomes) yield json
    },

    close: () => database.close(),
  }
}

const partitionsOf = (database: DatabaseSync) =>
  database.prepare('SELECT partition, first, next FROM partitions ORDER BY partition').all() as {
    partition: number
    first: number
    next: number
  }[]

/** From 0 to 1, by the finalizer of murmur3 (Appleby). */
function draw(partition: number, number: number): number {
  let hash = Math.imul(partition + 1, 0x9e37_79b1) ^ number
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
