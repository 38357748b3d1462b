import type { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import { createTestReadModels, range } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { decodeEntries, encodeEntries } from './index-entries.ts'
import type { IndexEntry } from './index-reader.ts'
import { RANGE_WIDTH, RANGES } from './index-tables.ts'
import { packRecords } from './packed-records.ts'
import { createFileReader } from './reader.ts'
import { emptyPartition, hashOf, type OutcomeFilter, type OutcomeRecord } from './record.ts'
import { prepareReadModelFile } from './schema.ts'
import { createFileWriter } from './writer.ts'

const { newPath } = createTestReadModels()
const everything: OutcomeFilter = { kinds: new Set(['quick', 'slow', 'none', 'unverified', 'invalid']) }
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]

const always = () => true
const WRITES_TO_MERGE = 64

const open = new Set<DatabaseSync>()
afterEach(() => {
  for (const database of open) database.close()
  open.clear()
})

/** In a file with old records `merged` and recent ones `records`. */
function readerOf(records: OutcomeRecord[], merged: OutcomeRecord[] = []) {
  const path = newPath()
  const database = prepareReadModelFile(path, (opened) => opened)
  open.add(database)
  const writer = createFileWriter(path)
  const write = (written: OutcomeRecord[]) =>
    writer.write({
      records: packRecords(written),
      partitions: [[0, { ...emptyPartition(), next: 7, resume: undefined }]],
      forget: [],
    })
  write(merged)
  if (merged.length > 0) for (let i = 0; i < WRITES_TO_MERGE; i++) write([])
  write(records)
  writer.close()
  const reader = createFileReader(database)
  const offsets = (
    filter: Partial<OutcomeFilter> = {},
    { partition = 0, from = 0, end = 1_000, limit = 100 } = {},
  ) =>
    reader.read(partition, from, end, { ...everything, ...filter }, limit).records.map(({ offset }) => offset)
  return { reader, database, offsets }
}

test('finds an event by its id, byte for byte', () => {
  const records = range(0, 50).map((offset) =>
    outcomeRecord(offset % 3, 2 ** 41 + offset, { owner: offset % 2 ? 'web' : 'app' }),
  )
  const { reader } = readerOf(records)
  for (const { partition, offset, eventId, owner, json } of records) {
    const places: [number, number][] = []
    const found = reader.find(eventId, (...place) => places.push(place) > 0)
    expect([found?.owner, Buffer.from(found?.json ?? [])]).toEqual([owner, json])
    expect(places).toEqual([[partition, offset]])
    expect(reader.find(eventId, () => false)).toBeUndefined()
  }
  expect(reader.find('event-0-1000', always)).toBeUndefined()
  expect(reader.find('', always)).toBeUndefined()
})

test('a served record is the followed one, without the values of the index', () => {
  const record = outcomeRecord(2, 2 ** 41 + 3, { kind: 'slow', classifiedAt: 1_764_115_200_123 })
  const { reader } = readerOf([record])
  const [served] = reader.read(2, 0, 2 ** 41 + 9, { ...everything, customer: record.customer }, 5).records
  const { partition, offset, kind, classifiedAt, owner, json } = record
  expect({ ...served, json: Buffer.from(served?.json ?? []) }).toEqual({
    partition,
    offset,
    kind,
    classifiedAt,
    owner,
    json,
  })
})

/** Makes all entries of an index one hash. */
function giveAll(database: DatabaseSync, column: 'event' | 'customer', hash: number) {
  const rows = database.prepare(`SELECT entries FROM ${column}_runs`).all() as { entries: Uint8Array }[]
  const positions = rows
    .flatMap(({ entries }) => Array.from(decodeEntries(entries).positions))
    .toSorted((one, other) => one - other)
  const hashes = Float64Array.from(positions, () => hash)
  const entries = encodeEntries({ hashes, positions: Float64Array.from(positions) })
  // The write after the one that merged the range of the hash.
  const write = RANGES * ++rounds + Math.floor(hash / RANGE_WIDTH) + 1
  database.exec(`DELETE FROM ${column}_runs`)
  database.prepare(`INSERT INTO ${column}_runs VALUES (?, ?)`).run(write, entries)
}
let rounds = 1_000

describe('two ids with one hash are distinguished', () => {
  test('of events', () => {
    const { reader, database } = readerOf([outcomeRecord(0, 0), outcomeRecord(0, 1), outcomeRecord(0, 2)])
    giveAll(database, 'event', hashOf('event-0-1'))
    reader.refresh()
    expect(Buffer.from(reader.find('event-0-1', always)?.json ?? []).toString()).toContain(
      '"eventId":"event-0-1"',
    )
    giveAll(database, 'event', hashOf('event-0-9'))
    reader.refresh()
    expect(reader.find('event-0-9', always)).toBeUndefined()
  })

  test('of customers, and the page continues after records of other customers', () => {
    const records = range(0, 10).map((offset) =>
      outcomeRecord(0, offset, { customer: offset < 6 ? eva : ana }),
    )
    const { reader, database } = readerOf(records)
    giveAll(database, 'customer', hashOf(ana))
    reader.refresh()
    const first = reader.read(0, 0, 10, { ...everything, customer: ana }, 4)
    expect(first).toEqual({ records: [], next: 4 })
    const second = reader.read(0, first.next, 10, { ...everything, customer: ana }, 4)
    expect(second.records.map(({ offset }) => offset)).toEqual([6, 7])
    expect(second.next).toBe(8)
  })
})

describe('filters', () => {
  const { offsets } = (() => {
    const records = [
      outcomeRecord(0, 0, { kind: 'quick', customer: ana, classifiedAt: 100 }),
      outcomeRecord(0, 1, { kind: 'slow', customer: eva, classifiedAt: 200, owner: 'web' }),
      outcomeRecord(0, 2, { kind: 'none', customer: ana, classifiedAt: 300, owner: 'web' }),
      outcomeRecord(0, 3, { kind: 'unverified', customer: eva, classifiedAt: 400 }),
      outcomeRecord(0, 4, { kind: 'invalid', classifiedAt: 500 }),
      outcomeRecord(1, 0, { kind: 'quick', customer: ana, classifiedAt: 100 }),
    ]
    return { offsets: (filter: Partial<OutcomeFilter>) => readerOf(records).offsets(filter) }
  })()

  test.each<[string, Partial<OutcomeFilter>, number[]]>([
    ['nothing', {}, [0, 1, 2, 3, 4]],
    ['a kind', { kinds: new Set(['slow']) }, [1]],
    ['kinds', { kinds: new Set(['invalid', 'quick', 'unverified']) }, [0, 3, 4]],
    ['no kind', { kinds: new Set() }, []],
    ['a customer', { customer: ana }, [0, 2]],
    ['a customer of one kind', { customer: eva, kinds: new Set(['unverified', 'none']) }, [3]],
    ['a customer who is not there', { customer: 'f'.repeat(24) }, []],
    ['an owner', { owner: 'web' }, [1, 2]],
    ['an owner and a customer', { owner: 'web', customer: eva }, [1]],
    ['an owner who has nothing', { owner: 'app' }, []],
    ['a time from which on', { since: 300 }, [2, 3, 4]],
    ['a time before which', { until: 300 }, [0, 1]],
    ['a period of a customer', { since: 101, until: 401, customer: eva }, [1, 3]],
    ['a period that is over before it begins', { since: 400, until: 300 }, []],
  ])('by %s', (_, filter, expected) => {
    expect(offsets(filter)).toEqual(expected)
  })
})

describe('a page', () => {
  const records = range(0, 40).map((offset) =>
    outcomeRecord(0, offset * 3, { customer: offset % 2 ? ana : eva }),
  )

  test.each([{}, { customer: ana }])('has no more than it may, and goes on where it ended: %j', (filter) => {
    const { reader, offsets } = readerOf(records)
    const all = offsets(filter, { limit: 1_000 })
    for (const limit of [1, 2, 7, 40, 41]) {
      const found: number[] = []
      for (let from = 0; from < 200; ) {
        const page = reader.read(0, from, 200, { ...everything, ...filter }, limit)
        expect(page.records.length).toBeLessThanOrEqual(limit)
        expect(page.next).toBeGreaterThan(from)
        found.push(...page.records.map(({ offset }) => offset))
        from = page.next
      }
      expect(found).toEqual(all)
    }
  })

  test('begins and ends at the given offsets, within its partition', () => {
    const { offsets } = readerOf([...records, ...range(0, 40).map((offset) => outcomeRecord(1, offset))])
    expect(offsets({}, { from: 6, end: 15 })).toEqual([6, 9, 12])
    expect(offsets({ customer: ana }, { from: 6, end: 15 })).toEqual([9])
    expect(offsets({}, { from: 7, end: 9 })).toEqual([])
  })
})

describe('old and recent records', () => {
  const records = range(0, 40).map((offset) =>
    outcomeRecord(0, offset, { customer: offset % 3 ? ana : eva, kind: offset % 5 ? 'quick' : 'slow' }),
  )
  const longAgo = records.slice(0, 25)
  const justNow = records.slice(25)

  test('are found alike', () => {
    const { reader, database } = readerOf(justNow, longAgo)
    const runs = database.prepare('SELECT entries FROM event_runs').all() as { entries: Uint8Array }[]
    const recent = runs.map(({ entries }) => decodeEntries(entries).hashes.length)
    expect(recent.filter((count) => count > 0)).toEqual([justNow.length])
    for (const { eventId, json } of records) {
      expect(Buffer.from(reader.find(eventId, always)?.json ?? [])).toEqual(json)
    }
  })

  test.each([1, 3, 100])(
    'are on the pages of a customer in the order of their offsets, %i a page',
    (limit) => {
      const { reader } = readerOf(justNow, longAgo)
      const filter = { ...everything, customer: ana, kinds: new Set(['quick'] as const) }
      const found: number[] = []
      for (let from = 0; from < 40; ) {
        const page = reader.read(0, from, 40, filter, limit)
        found.push(...page.records.map(({ offset }) => offset))
        from = page.next
      }
      expect(found).toEqual(range(0, 40).filter((offset) => offset % 3 && offset % 5))
    },
  )

  test('are listed together, in the order of their hashes', () => {
    const { reader } = readerOf(justNow, longAgo)
    const places: IndexEntry[] = []
    for (;;) {
      const some = reader.events(places.at(-1) ?? { hash: -1, position: -1 }, 7)
      if (some.length === 0) break
      places.push(...some)
    }
    const expected = records.map(({ eventHash, offset }) => ({ hash: eventHash, position: offset }))
    expect(places).toEqual(expected.toSorted((one, other) => one.hash - other.hash))
  })
})

test('knows the positions of the partitions', () => {
  expect([...readerOf([]).reader.partitions()]).toEqual([
    [0, { next: 7, first: 0, resume: undefined, log: '' }],
  ])
})
