import { expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, range } from '../testing/read-models.ts'
import { openCacheFile } from './cache-file.ts'
import { decodeEntries } from './index-entries.ts'
import { createIndexReader, type IndexEntry } from './index-reader.ts'
import { createIndexWriter } from './index-writer.ts'
import { prepareReadModelFile } from './schema.ts'

const { newPath } = createTestReadModels()
const WRITES_TO_MERGE = 64
const all = () => true

function setUp() {
  const path = newPath()
  const database = prepareReadModelFile(path, (opened) => opened)
  const reader = createIndexReader(database, 'customer')
  const newWriter = () => createIndexWriter(openCacheFile(path), 'customer')
  let writer = newWriter()
  const sizesOf = (table: string) =>
    (database.prepare(`SELECT entries FROM ${table}`).all() as { entries: Uint8Array }[]).map(
      ({ entries }) => decodeEntries(entries).hashes.length,
    )
  return {
    reader,
    add: (entries: IndexEntry[], isKept: (position: number) => boolean = all) => {
      const hashes = Float64Array.from(entries, ({ hash }) => hash)
      writer.add({ hashes, positions: Float64Array.from(entries, ({ position }) => position) }, isKept)
      reader.refresh()
    },
    keepOnly: (isKept: (position: number) => boolean) => writer.keepOnly(isKept),
    restart: () => (writer = newWriter()),
    leaves: () => sizesOf('customer_leaves'),
    inRuns: () => sizesOf('customer_runs').reduce((sum, size) => sum + size, 0),
  }
}

const entry = (hash: number, position: number): IndexEntry => ({ hash, position })
const spread = (position: number) => entry((position * 0x9e37_79b9_7f4b) % 2 ** 48, position)
const inOrder = (one: IndexEntry, other: IndexEntry) => one.hash - other.hash || one.position - other.position

test('after 64 writes, all entries are in leaves', () => {
  const { add, inRuns, leaves } = setUp()
  add(range(0, 500).map(spread))
  expect(inRuns()).toBe(500)
  for (let write = 1; write < WRITES_TO_MERGE; write++) add([])
  expect(leaves().reduce((sum, size) => sum + size, 0)).toBe(500)
  add([])
  expect(inRuns()).toBe(0)
})

test('a leaf has some hundred entries, even those of one customer', () => {
  const { add, leaves, reader } = setUp()
  for (const write of range(0, 2 * WRITES_TO_MERGE))
    add(range(write * 100, write * 100 + 100).map((position) => entry(7, position)))
  expect(Math.max(...leaves())).toBeLessThanOrEqual(240)
  expect([...reader.positions(7, 5_000, 6_000)]).toEqual(range(5_000, 6_000))
  expect([...reader.positions(7, 0, 2 ** 42, 'newest first')]).toEqual(range(0, 12_800).toReversed())
})

test('behaves like a plain list, for any additions, cuts, removals and restarts', () => {
  const { below, chance } = createTestRandom()
  const { reader, add, keepOnly, restart } = setUp()
  let entries: IndexEntry[] = []
  const removed = new Set<number>()
  let [next, first] = [0, 0]
  // Few, so that they have many positions; some are neighbours, some the bounds of ranges.
  const hashes = range(0, 12).map((index) => Math.floor((index / 11) * (2 ** 48 - 1)) - (index % 2 && 1))
  const isKept = (position: number) => position >= first
  for (let write = 0; write < 200; write++) {
    const added = range(0, below(120)).map(() => entry(hashes[below(12)] ?? 0, next++))
    if (chance(0.02)) first = Math.max(first, below(next + 1))
    if (chance(0.01)) {
      const third = below(3)
      keepOnly((position) => position % 3 !== third)
      for (const { position } of entries) if (position % 3 === third) removed.add(position)
      entries = entries.filter(({ position }) => !removed.has(position))
    }
    if (chance(0.05)) restart()
    add(added, isKept)
    entries = [...entries, ...added]
    if (!chance(0.1)) continue
    entries = entries.filter(({ position }) => isKept(position))
    const hash = hashes[below(12)] ?? 0
    const end = below(next + 1)
    const expected = entries
      .filter((one) => one.hash === hash && one.position < end)
      .map(({ position }) => position)
    // A reader may still name what was removed since it read a run.
    const found = [...reader.positions(hash, first, end)]
    expect(found.filter((position) => !removed.has(position))).toEqual(expected)
    expect([...reader.positions(hash, first, end, 'newest first')]).toEqual(found.toReversed())
  }
  const listed: IndexEntry[] = []
  for (let last = entry(-1, -1); ; ) {
    const some = reader.after(last, 100)
    listed.push(...some)
    if (some.length < 100) break
    last = some.at(-1) ?? last
  }
  expect(listed.filter(({ position }) => isKept(position) && !removed.has(position))).toEqual(
    entries.filter(({ position }) => isKept(position)).toSorted(inOrder),
  )
})

test('what is not kept leaves nothing once its hashes are merged again', () => {
  const { add, leaves, inRuns } = setUp()
  const hashes = range(0, 64).map((index) => index * 2 ** 42)
  add(hashes.map((hash, position) => entry(hash, position)))
  for (let write = 0; write < 2 * WRITES_TO_MERGE; write++)
    add(
      hashes.map((hash, index) => entry(hash, 64 * (write + 1) + index)),
      (position) => position >= 64 * 100,
    )
  const size = leaves().reduce((sum, count) => sum + count, 0)
  expect(size).toBeLessThanOrEqual(64 * 30)
  expect(inRuns()).toBeLessThanOrEqual(64 * 63)
})
