import { describe, expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, range } from '../testing/read-models.ts'
import { BLOCK_BYTES, type BlockRecord, decodeRecords, encodeBlock, RECORDS_PER_BLOCK } from './block.ts'
import { createBlockReader } from './block-reader.ts'
import { type BlockRow, createBlocksTable } from './blocks-table.ts'
import { offsetOf } from './record.ts'
import { prepareReadModelFile } from './schema.ts'

const { newPath } = createTestReadModels()

const record = (offset: number, size = 20): BlockRecord => ({
  offset,
  kind: offset % 5,
  classifiedAt: 1_764_115_200_000 + offset,
  owner: `owner-${offset % 3}`,
  json: Buffer.from(String(offset).padEnd(size, '.')),
})

function setUp() {
  const database = prepareReadModelFile(newPath(), (opened) => opened)
  const table = createBlocksTable(database)
  const rows = () => database.prepare('SELECT * FROM blocks ORDER BY position').all() as unknown as BlockRow[]
  return {
    table,
    reader: createBlockReader(database),
    rows,
    counts: () => rows().map(({ count }) => count),
    offsets: () => rows().flatMap((row) => decodeRecords(row).map(({ offset }) => offset)),
  }
}

test('a block is decoded as it was encoded', () => {
  const records = [record(2 ** 41, 20), record(2 ** 41 + 9, 30), record(2 ** 41 + 2_000, 70_000)]
  const block = encodeBlock(records)
  expect(block).toMatchObject({ count: 3, size: 70_050 })
  const comparable = ({ json, ...rest }: BlockRecord) => [rest, Buffer.from(json).toString()]
  expect(decodeRecords(block).map(comparable)).toEqual(records.map(comparable))
})

test('a damaged block is not read', () => {
  const block = encodeBlock(range(0, 32).map((offset) => record(offset)))
  const end = block.body.length - 6
  block.body[end] = (block.body[end] ?? 0) ^ 0x01
  expect(() => decodeRecords(block)).toThrow()
})

describe('records that come', () => {
  test('one at a time end up in full blocks, and the others in few', () => {
    const { table, counts, offsets } = setUp()
    const full = 5
    for (let offset = 0; offset < full * RECORDS_PER_BLOCK + 31; offset++) {
      table.append(0, [record(offset)])
      expect(counts().filter((count) => count < RECORDS_PER_BLOCK).length).toBeLessThanOrEqual(5)
    }
    expect(counts()).toEqual([...Array.from({ length: full }, () => RECORDS_PER_BLOCK), 16, 8, 4, 2, 1])
    expect(offsets()).toEqual(range(0, full * RECORDS_PER_BLOCK + 31))
  })

  test('twice are stored once', () => {
    const { table, offsets } = setUp()
    table.append(
      0,
      [3, 4, 8].map((offset) => record(offset)),
    )
    table.append(
      0,
      [4, 8, 9].map((offset) => record(offset)),
    )
    expect(offsets()).toEqual([3, 4, 8, 9])
  })

  test('are large end a block sooner', () => {
    const { table, counts } = setUp()
    table.append(0, [record(0, BLOCK_BYTES), record(1, BLOCK_BYTES - 1), record(2, 1), record(3)])
    table.append(0, [record(4)])
    expect(counts()).toEqual([1, 2, 2])
  })
})

test('behaves like a plain list, for any appends, cuts and reads', () => {
  const { below, chance, oneOf } = createTestRandom()
  const { table, reader, rows } = setUp()
  const logs = range(0, 2).map(() => ({ next: 0, first: 0, records: [] as BlockRecord[] }))
  for (let step = 0; step < 300; step++) {
    const partition = below(2)
    const log = logs[partition]
    if (!log) continue
    const added = range(0, below(oneOf(3, 100))).map(() => {
      log.next += 1 + below(2)
      return record(log.next - 1, oneOf(20, 20, 20, 30_000))
    })
    table.append(partition, added)
    log.records.push(...added)
    if (chance(0.02)) {
      log.first = Math.max(log.first, below(log.next + 1))
      table.cut(partition, log.first)
      log.records = log.records.filter(({ offset }) => offset >= log.first)
    }
    if (chance(0.01)) {
      table.remove(partition)
      Object.assign(log, { next: 0, first: 0, records: [] })
    }
    const order = oneOf('oldest first' as const, 'newest first' as const)
    const [from, end] = [log.first + below(log.next - log.first + 1), log.first + below(log.next + 1)]
    const everything = { kinds: 2 ** 53 - 1, since: 0, until: Number.MAX_SAFE_INTEGER }
    const found = [...reader.between(partition, from, end, everything, order)].map(({ offset }) => offset)
    const expected = log.records
      .filter(({ offset }) => offset >= from && offset < end)
      .map(({ offset }) => offset)
    expect(found).toEqual(order === 'oldest first' ? expected : expected.toReversed())
  }
  for (const { position, last } of rows()) {
    expect(reader.at(position)?.offset).toBe(offsetOf(position))
    expect(reader.at(last)?.offset).toBe(offsetOf(last))
    expect(reader.at(last + 2)).not.toMatchObject({ offset: offsetOf(last) })
  }
})

test('a read passes over blocks of other kinds and times', () => {
  const { table, reader } = setUp()
  for (const kind of [0, 1])
    table.append(
      0,
      range(0, 32).map((n) => Object.assign(record(kind * 32 + n), { kind })),
    )
  const first = (kinds: number, since = 0, until = Number.MAX_SAFE_INTEGER) =>
    reader.between(0, 0, 64, { kinds, since, until }).next().value?.offset
  expect([first(0b01), first(0b10), first(0b100)]).toEqual([0, 32, undefined])
  const time = (offset: number) => record(offset).classifiedAt
  expect([first(0b11, time(31)), first(0b11, time(32)), first(0b11, time(64))]).toEqual([0, 32, undefined])
  expect([first(0b10, 0, time(33)), first(0b10, 0, time(32))]).toEqual([32, undefined])
})
