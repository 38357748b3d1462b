import { describe, expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { mergePartitions, type Page, type ReadPartition } from './merge-partitions.ts'
import type { ServedRecord } from './record.ts'

const { below, chance, oneOf } = createTestRandom()

/**
 * Partitions like those of a read model: offsets with holes, a filter that skips some, reads of a limited
 * range.
 */
function createLog({
  partitions = 1 + below(8),
  matching = oneOf(1, 0.5, 0.02, 0),
  inOrder = chance(0.5),
} = {}) {
  const window = 1 + below(oneOf(5, 100, 5_000))
  const logs = Array.from({ length: partitions }, () => ({ end: 0, records: [] as ServedRecord[] }))
  let clock = 0
  let reads = 0
  let largest = 0

  function append(count: number) {
    for (let i = 0; i < count; i++) {
      const partition = below(partitions)
      const log = logs[partition]
      if (!log) continue
      const offset = log.end + (chance(0.2) ? below(40) : 0)
      log.end = offset + 1
      clock += 1
      const classifiedAt = inOrder ? clock : below(1_000)
      if (chance(matching))
        log.records.push({
          partition,
          offset,
          kind: 'quick',
          classifiedAt,
          owner: 'web',
          json: new Uint8Array(),
        })
    }
  }
  append(below(oneOf(3, 300, 2_000)))

  const read: ReadPartition = (partition, from, limit) => {
    reads += 1
    const { end, records } = logs[partition] ?? { end: 0, records: [] }
    const until = Math.min(end, from + window)
    const found = records.filter(({ offset }) => offset >= from && offset < until).slice(0, limit)
    const last = found.at(-1)
    const next = found.length === limit && last ? last.offset + 1 : Math.max(from, until)
    largest = Math.max(largest, found.length)
    return { records: found, next, end: next >= end }
  }

  return {
    partitions,
    inOrder,
    append,
    read,
    start: () => logs.map(() => 0),
    ends: () => logs.map(({ end }) => end),
    matching: () => logs.map(({ records }) => records),
    reads: () => reads,
    largestRead: () => largest,
  }
}

const byPartition = (records: ServedRecord[], partitions: number) =>
  Array.from({ length: partitions }, (_, p) => records.filter(({ partition }) => partition === p))

/** Reads page by page to the end, with any limits; `onPage` is called for each page. */
function readAll(
  log: ReturnType<typeof createLog>,
  limit: () => number,
  onPage: (page: Page) => void = () => {},
) {
  const records: ServedRecord[] = []
  let next = log.start()
  for (let pages = 0; ; pages++) {
    expect(pages, 'pages without an end').toBeLessThan(20_000)
    const most = limit()
    const page = mergePartitions(log.read, next, most)
    expect(page.records.length).toBeLessThanOrEqual(most)
    records.push(...page.records)
    onPage(page)
    if (page.end) return { records, next: page.next }
    expect(page.next, 'no progress').not.toEqual(next)
    expect(page.next.every((offset, p) => offset >= (next[p] ?? 0))).toBe(true)
    next = page.next
  }
}

describe('of many logs, whatever the page sizes and filters', () => {
  test('every record comes once, in the order of its partition, up to the end', () => {
    for (let i = 0; i < 150; i++) {
      const log = createLog()
      const sizes = oneOf(1, 3, 70, 1_000)
      const { records, next } = readAll(log, () => 1 + below(sizes))
      expect(byPartition(records, log.partitions)).toEqual(log.matching())
      expect(next).toEqual(log.ends())
    }
  })

  test('a page ends at `next`, and the next page continues there', () => {
    for (let i = 0; i < 150; i++) {
      const log = createLog({ matching: oneOf(1, 0.1) })
      const page = mergePartitions(log.read, log.start(), 1 + below(200))
      const taken = byPartition(page.records, log.partitions)
      const before = log
        .matching()
        .map((records, p) => records.filter(({ offset }) => offset < (page.next[p] ?? 0)))
      expect(taken).toEqual(before)
    }
  })

  test('records appended between pages are included', () => {
    for (let i = 0; i < 50; i++) {
      const log = createLog({ matching: oneOf(1, 0.3) })
      let left = 30
      const { records } = readAll(
        log,
        () => 1 + below(20),
        ({ end }) => {
          if (!end && left-- > 0) log.append(below(10))
        },
      )
      expect(byPartition(records, log.partitions)).toEqual(log.matching())
    }
  })

  test('if each partition is in the order of classification, so is the result', () => {
    for (let i = 0; i < 50; i++) {
      const log = createLog({ inOrder: true })
      const times = readAll(log, () => 1 + below(100)).records.map(({ classifiedAt }) => classifiedAt)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
  })

  test('a page costs a bounded number of reads of a bounded size', () => {
    for (let i = 0; i < 100; i++) {
      const log = createLog()
      let before = 0
      readAll(
        log,
        () => 1 + below(60),
        () => {
          expect(log.reads() - before).toBeLessThanOrEqual(32 + log.partitions)
          before = log.reads()
        },
      )
      expect(log.largestRead()).toBeLessThanOrEqual(64)
    }
  })
})

const readNothing: ReadPartition = (_, from) => ({ records: [], next: from, end: true })

test('an empty log is at the end', () => {
  expect(mergePartitions(readNothing, [7, 0], 10)).toEqual({ records: [], next: [7, 0], end: true })
})

test('a page that is full at the very end says so', () => {
  const log = createLog({ partitions: 2, matching: 1 })
  log.append(5)
  const all = log.matching().flat().length
  expect(readAll(log, () => all).records).toHaveLength(all)
})
