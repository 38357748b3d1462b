import { expect, test } from 'vitest'
import { createTestReadModels, range } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { openCacheFile } from './cache-file.ts'
import type { PartitionState } from './record.ts'
import { prepareReadModelFile } from './schema.ts'
import { createFileWriter, type FileWrite } from './writer.ts'

const { newPath } = createTestReadModels()
const WRITES_TO_MERGE = 64
const indexes = ['event', 'customer', 'link'] as const

function setUp() {
  const path = newPath()
  prepareReadModelFile(path).close()
  const writer = createFileWriter(path)
  const write = (told: Partial<FileWrite>) =>
    writer.write({ records: [], partitions: [], forget: [], ...told })
  const rows = (sql: string) => {
    const file = openCacheFile(path)
    const found = file.prepare(sql).all().map(Object.values)
    file.close()
    return found
  }
  return {
    write,
    pass: (writes: number) => {
      for (let i = 0; i < writes; i++) write({})
    },
    /** For each index: its expected entries, the entries of its two parts, and the number of recent ones. */
    places: () =>
      indexes.map((column) => ({
        told: rows(`SELECT ${column}, position FROM outcomes WHERE ${column} IS NOT NULL ORDER BY 1, 2`),
        held: rows(`SELECT * FROM ${column}s UNION ALL SELECT * FROM recent_${column}s ORDER BY 1, 2`),
        recent: rows(`SELECT * FROM recent_${column}s`).length,
      })),
  }
}

type SetUp = ReturnType<typeof setUp>

function expectSound({ places }: SetUp, { outcomes, recent }: { outcomes: number; recent?: number }) {
  for (const index of places()) {
    expect(index.held).toEqual(index.told)
    expect(index.told.length).toBe(outcomes)
    if (recent !== undefined) expect(index.recent).toBe(recent)
  }
}

const state = (next: number, first = 0): PartitionState => ({ next, first, resume: next, log: 'aaaaaaaa' })
const records = (offsets: number[], partition = 0) =>
  offsets.map((offset) =>
    outcomeRecord(partition, offset, {
      customer: (offset % 50).toString(16).padStart(24, '0'),
      folio: `SRZ-${String(offset).padStart(4, '0')}`,
    }),
  )

test('each entry is in one part of each index, and in the large one after 64 writes', () => {
  const set = setUp()
  set.write({ records: records(range(0, 500)), partitions: [[0, state(500)]] })
  expectSound(set, { outcomes: 500 })
  set.pass(WRITES_TO_MERGE / 2)
  expectSound(set, { outcomes: 500 })
  for (const { recent } of set.places()) {
    expect(recent).toBeGreaterThan(0)
    expect(recent).toBeLessThan(500)
  }
  set.pass(WRITES_TO_MERGE / 2)
  expectSound(set, { outcomes: 500, recent: 0 })
})

test('the recent part never has more than 64 writes', () => {
  const set = setUp()
  for (const turn of range(0, 3 * WRITES_TO_MERGE)) {
    set.write({ records: records([2 * turn, 2 * turn + 1]), partitions: [[0, state(2 * turn + 2)]] })
  }
  expectSound(set, { outcomes: 6 * WRITES_TO_MERGE })
  for (const { recent } of set.places()) expect(recent).toBeLessThanOrEqual(2 * WRITES_TO_MERGE)
})

test.each([0, WRITES_TO_MERGE / 2, WRITES_TO_MERGE])(
  '%i writes later, what is written twice, cut or forgotten leaves nothing in an index',
  (writes) => {
    const set = setUp()
    const write = (offsets: number[], told: Partial<FileWrite> = {}) =>
      set.write({ records: [...records(offsets, 0), ...records(offsets, 1)], ...told })
    write(range(0, 300), { partitions: [[0, state(300)]] })
    set.pass(writes)

    write(range(290, 310))
    expectSound(set, { outcomes: 620 })
    set.write({ partitions: [[0, state(310, 40)]] })
    expectSound(set, { outcomes: 580 })
    set.write({ forget: [1], records: [outcomeRecord(1, 1, { log: '-anew' })], partitions: [[1, state(2)]] })
    expectSound(set, { outcomes: 271 })
    set.pass(WRITES_TO_MERGE)
    expectSound(set, { outcomes: 271, recent: 0 })
  },
)

test('an outcome without a folio is in no index of folios', () => {
  const set = setUp()
  const visit = outcomeRecord(0, 1, { kind: 'none', folio: null })
  set.write({ records: [...records([0]), visit], partitions: [[0, state(2)]] })
  expect(set.places().map(({ held }) => held.length)).toEqual([2, 2, 1])
})

test('an outcome that is in a batch twice is in each index once', () => {
  const set = setUp()
  set.write({ records: [...records([0]), ...records([0])], partitions: [[0, state(1)]] })
  expectSound(set, { outcomes: 1 })
})
