import { describe, expect, test } from 'vitest'
import { createTestReadModels, range } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { RECORDS_PER_BLOCK } from './block.ts'
import { openCacheFile } from './cache-file.ts'
import { parseOutcome } from './encoded-outcome.ts'
import { packRecords } from './packed-records.ts'
import { createFileReader } from './reader.ts'
import type { OutcomeRecord, PartitionState } from './record.ts'
import { prepareReadModelFile } from './schema.ts'
import { createFileWriter, type FileWrite } from './writer.ts'

const { newPath } = createTestReadModels()
const state = (next: number, first = 0): PartitionState => ({ next, first, resume: next, log: 'aaaaaaaa' })
const records = (partition: number, offsets: number[]) =>
  offsets.map((offset) => outcomeRecord(partition, offset))

type GivenWrite = Partial<Omit<FileWrite, 'records'>> & { records?: OutcomeRecord[] }

function setUp() {
  const path = newPath()
  prepareReadModelFile(path, (database) => database.close())
  const writer = createFileWriter(path)
  return {
    write: ({ records: written = [], ...rest }: GivenWrite) =>
      writer.write({ records: packRecords(written), partitions: [], forget: [], ...rest }),
    /** The view of another connection: the events that are read, and the positions of their partitions. */
    seen: () => {
      const reader = createFileReader(openCacheFile(path))
      const states = [...reader.partitions()].toSorted(([one], [other]) => one - other)
      const found = states.flatMap(([partition, { first }]) => readAll(reader, partition, first))
      reader.close()
      return { events: found, next: states.map(([partition, { next }]) => [partition, next]) }
    },
    blocks: () => {
      const database = openCacheFile(path)
      const rows = database.prepare('SELECT count FROM blocks ORDER BY position').all()
      database.close()
      return rows.map(({ count }) => Number(count))
    },
  }
}

function readAll(reader: ReturnType<typeof createFileReader>, partition: number, first: number): string[] {
  const page = reader.read(partition, first, 2 ** 42, { kinds: 'all' }, 2 ** 20, 'oldest first', 2 ** 42)
  return page.records.map(({ json }) => parseOutcome(json).eventId)
}

test('records and positions are written together', () => {
  const { write, seen } = setUp()
  write({
    records: [...records(2, [5]), ...records(0, [1, 3])],
    partitions: [
      [2, state(6)],
      [0, state(9)],
    ],
  })
  expect(seen()).toEqual({
    events: ['event-0-1', 'event-0-3', 'event-2-5'],
    next: [
      [0, 9],
      [2, 6],
    ],
  })
})

test('a failed write changes nothing, and the next one succeeds', () => {
  const { write, seen } = setUp()
  write({ records: records(0, [1]), partitions: [[0, state(2)]] })
  const broken = { ...outcomeRecord(0, 3), classifiedAt: Number.NaN }
  expect(() =>
    write({ forget: [0], records: [...records(0, [2]), broken], partitions: [[0, state(4)]] }),
  ).toThrow()
  expect(seen()).toEqual({ events: ['event-0-1'], next: [[0, 2]] })
  write({ records: records(0, [2]), partitions: [[0, state(3)]] })
  expect(seen()).toEqual({ events: ['event-0-1', 'event-0-2'], next: [[0, 3]] })
})

test('a record written twice is stored once', () => {
  const { write, seen } = setUp()
  for (let i = 0; i < 2; i++) write({ records: records(1, [4, 5]), partitions: [[1, state(6)]] })
  expect(seen()).toEqual({ events: ['event-1-4', 'event-1-5'], next: [[1, 6]] })
})

describe('retention', () => {
  test('removes records before the first offset, only in that partition', () => {
    const { write, seen } = setUp()
    write({
      records: range(0, 3).flatMap((p) => records(p, range(0, 5))),
      partitions: range(0, 3).map((p) => [p, state(5)]),
    })
    write({ partitions: [[1, state(5, 3)]] })
    expect(seen().events).toEqual([
      ...range(0, 5).map((offset) => `event-0-${offset}`),
      ...range(3, 5).map((offset) => `event-1-${offset}`),
      ...range(0, 5).map((offset) => `event-2-${offset}`),
    ])
  })
})

const farApart = (partition: number) => [0, 1, 2 ** 41].map((offset) => `event-${partition}-${offset}`)

test('a large removal is spread over several writes', () => {
  const { write, seen, blocks } = setUp()
  const end = 30_000
  write({ records: records(0, range(0, end)), partitions: [[0, state(end)]] })
  const left: number[] = []
  for (let i = 0; i < 5; i++) {
    write({ partitions: [[0, state(end, end - 7)]] })
    left.push(blocks().reduce((sum, count) => sum + count, 0))
    expect(seen().events).toHaveLength(7)
  }
  expect(left[0]).toBeGreaterThan(end / 2)
  expect(left.at(-1)).toBeLessThan(7 + RECORDS_PER_BLOCK)
})

describe('a recreated log', () => {
  test('replaces the records of its partition only', () => {
    const { write, seen } = setUp()
    write({
      records: range(0, 3).flatMap((p) => records(p, [0, 1, 2 ** 41])),
      partitions: range(0, 3).map((p) => [p, state(2 ** 41 + 1)]),
    })
    write({ forget: [1], records: [outcomeRecord(1, 1, { log: '-anew' })], partitions: [[1, state(2)]] })
    expect(seen()).toEqual({
      events: [...farApart(0), 'event-anew-1-1', ...farApart(2)],
      next: [
        [0, 2 ** 41 + 1],
        [1, 2],
        [2, 2 ** 41 + 1],
      ],
    })
  })
})
