import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { conflictIdOf } from '../../backbone/records/event-id.ts'
import { kindSchema, type Outcome, type OutcomeKind } from '../../backbone/records/outcome.ts'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt, outcomeRecord } from '../testing/records.ts'
import { openCacheFile } from './cache-file.ts'
import type { ReadModel } from './outcome-store.ts'
import type { OutcomeFilter, OutcomeRecord } from './record.ts'

const readModels = createTestReadModels()
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
const express = kindSchema.parse('express')

function isAsked(kinds: OutcomeFilter['kinds'] | undefined, kind: OutcomeKind): boolean {
  if (kinds === undefined || kinds === 'all') return true
  return kinds === 'notified' ? ['quick', 'slow', 'express'].includes(kind) : kinds.has(kind)
}

const everything: OutcomeFilter = { kinds: 'all' }
const parsed = (found: { json: Uint8Array } | undefined) =>
  found && (JSON.parse(Buffer.from(found.json).toString()) as { eventId: string; source: object })

const productOf = (json: Uint8Array) =>
  (JSON.parse(String(Buffer.from(json))) as Outcome).checkout?.productovisto

/** Reads to the end, page by page; returns the number of pages, too. */
function readAll(readModel: ReadModel, filter: Partial<OutcomeFilter> = {}, limit = 50, from?: number[]) {
  const events: string[] = []
  let next = from ?? readModel.partitions().map(() => 0)
  for (let pages = 1; ; pages++) {
    const page = readModel.after(next, { ...everything, ...filter }, limit)
    for (const record of page.records) events.push(parsed(record)?.eventId ?? '')
    next = page.next
    if (page.end) return { events, next, pages }
    expect(pages, 'pages without an end').toBeLessThan(10_000)
  }
}

/** Reads from the newest to the oldest, page by page. */
function readAllBack(readModel: ReadModel, filter: Partial<OutcomeFilter> = {}, limit = 50): string[] {
  const found: string[] = []
  let next = readModel.partitions().map(({ next: end }) => end)
  for (let pages = 1; ; pages++) {
    const page = readModel.before(next, { ...everything, ...filter }, limit)
    expect(page.records.length).toBeLessThanOrEqual(limit)
    for (const record of page.records) found.push(parsed(record)?.eventId ?? '')
    if (page.end) return found
    expect(page.next, 'no progress').not.toEqual(next)
    next = page.next
  }
}

const events = (readModel: ReadModel, filter: Partial<OutcomeFilter> = {}) =>
  readAll(readModel, filter).events

function nextInFile(path: string, partition = 0): number {
  const file = openCacheFile(path)
  const row = file.prepare('SELECT next FROM partitions WHERE partition = ?').get(partition)
  file.close()
  return Number(row?.['next'] ?? 0)
}
const written = (path: string, next: number) =>
  vi.waitFor(() => expect(nextInFile(path)).toBe(next), { timeout: 20_000, interval: 20 })

describe('appended records', () => {
  test('are found and read immediately, before they are in the file', async () => {
    const path = readModels.newPath()
    const readModel = readModels.open({ path })
    await follow(readModel, 1, [0, 1])
    expect(nextInFile(path, 1)).toBe(0)
    expect(parsed(readModel.find('event-1-1'))).toMatchObject({ source: { partition: 1, offset: 1 } })
    expect(readModel.find('event-1-2')).toBeUndefined()
    expect(events(readModel)).toEqual(['event-1-0', 'event-1-1'])
    expect(readModel.partition(1)).toEqual({ next: 2, first: 0, resume: 2, log: 'aaaaaaaa' })
  })

  test('advance the position even without any outcome', async () => {
    const readModel = readModels.open()
    await readModel.append(2, { records: [], next: 7, resume: undefined, log: '' })
    expect(readModel.partition(2)).toEqual({ next: 7, first: 0, resume: undefined, log: '' })
    expect(readAll(readModel).next).toEqual([0, 0, 7])
  })

  test('are read from a position that includes unknown partitions', async () => {
    const readModel = readModels.open({ partitions: 1 })
    await follow(readModel, 0, [0, 1])
    expect(readAll(readModel, {}, 50, [1, 7, 8])).toMatchObject({ events: ['event-0-1'], next: [2, 7, 8] })
  })

  test('of an unknown partition are rejected', () => {
    const readModel = readModels.open({ partitions: 2 })
    expect(() => readModel.partition(2)).toThrow(RangeError)
    expect(() => follow(readModel, 2, [0])).toThrow(RangeError)
  })
})

test.each([
  { where: 'in memory', keepInMemory: 1_000 },
  { where: 'in the file', keepInMemory: 0 },
  { where: 'in both', keepInMemory: 3 },
])('filters find records that are $where', async ({ keepInMemory }) => {
  const path = readModels.newPath()
  const readModel = readModels.open({ path, keepInMemory })
  const kinds = ['quick', 'slow', 'none', 'unverified', 'invalid'] as const
  const told = (offset: number) => ({
    kind: kinds[offset % 5] ?? 'quick',
    customer: offset % 2 ? eva : ana,
    classifiedAt: offset * 100,
  })
  await follow(readModel, 0, range(0, 10), told)
  await written(path, 10)
  const cases: [Partial<OutcomeFilter>, number[]][] = [
    [{}, range(0, 10)],
    [{ kinds: new Set(['slow', 'none']) }, [1, 2, 6, 7]],
    [{ customer: ana }, [0, 2, 6, 8]],
    [{ since: 300 }, range(3, 10)],
    [{ until: 300 }, range(0, 3)],
    [{ kinds: new Set(['slow', 'quick']), customer: eva, since: 200, until: 700 }, [5]],
  ]
  for (const [filter, expected] of cases) {
    expect(events(readModel, filter)).toEqual(expected.map((offset) => eventAt(0, offset)))
  }
})

describe('after a restart', () => {
  test('everything is present, and following continues at its position', async () => {
    const path = readModels.newPath()
    const before = readModels.open({ path })
    for (const p of range(0, 3)) await follow(before, p, range(0, 200))
    before.cut(1, 150)
    const copied = { since: undefined, former: ['bbbbbbbb'] }
    await before.append(2, { records: [], next: 201, resume: undefined, log: 'aaaaaaaa', copied })
    await follow(before, 2, [201])
    expect(before.partition(2).copied).toEqual(copied)
    const [known, states] = [readAll(before), structuredClone(before.partitions())]
    await readModels.close(before)

    const after = readModels.open({ path })
    expect(after.partitions()).toEqual(states)
    expect(readAll(after)).toEqual(known)
    expect(after.find('event-2-199')).toBeDefined()
    await follow(after, 1, [200])
    expect(events(after).length).toBe(known.events.length + 1)
  })

  test('new partitions are empty', async () => {
    const path = readModels.newPath()
    const before = readModels.open({ path, partitions: 1 })
    await follow(before, 0, [0])
    await readModels.close(before)
    expect(readModels.open({ path, partitions: 2 }).partitions()).toMatchObject([
      { next: 1 },
      { next: 0, log: '' },
    ])
  })
})

describe('retention', () => {
  test.each([1_000, 0])('what was cut is not read any more, with %i in memory', async (keepInMemory) => {
    const path = readModels.newPath()
    const readModel = readModels.open({ path, keepInMemory })
    await follow(readModel, 0, range(0, 100))
    await follow(readModel, 1, range(0, 3))
    await written(path, 100)
    readModel.cut(0, 98)
    expect(events(readModel)).toEqual(['event-1-0', 'event-1-1', 'event-1-2', 'event-0-98', 'event-0-99'])
    expect(readModel.partition(0)).toMatchObject({ first: 98, next: 100, resume: 100 })
    expect(readModel.find('event-0-97')).toBeUndefined()
    expect(readModel.find('event-0-98')).toBeDefined()
  })

  test('beyond the followed position moves to the first kept record', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 10))
    readModel.cut(0, 50)
    expect(readModel.partition(0)).toMatchObject({ first: 50, next: 50, resume: 10 })
    expect(events(readModel)).toEqual([])
    await follow(readModel, 0, [50])
    expect(events(readModel)).toEqual(['event-0-50'])
  })

  test('that is repeated or late changes nothing', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 10))
    readModel.cut(0, 5)
    for (const first of [5, 3, 0]) readModel.cut(0, first)
    expect(readModel.partition(0)).toMatchObject({ first: 5, next: 10 })
  })
})

const anew = (readModel: ReadModel, offsets: number[]) =>
  follow(readModel, 0, offsets, () => ({ log: '-anew' }), 'bbbbbbbb')

async function expectAnew(readModel: ReadModel) {
  expect(readModel.partition(0)).toEqual({ next: 0, first: 0, resume: undefined, log: '' })
  expect(readModel.find('event-0-3') === undefined).toBe(true)
  expect(events(readModel)).toEqual(['event-1-0'])
  await anew(readModel, [4])
  expect(readModel.find('event-0-3') === undefined).toBe(true)
  expect(events(readModel)).toEqual(['event-1-0', 'event-anew-0-4'])
}

describe('a recreated log', () => {
  test('removes previous records in memory', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 10))
    await follow(readModel, 1, [0])
    readModel.forget(0)
    await expectAnew(readModel)
  })

  test.each([1_000, 0])('leaves nothing of what was in the file, with %i in memory', async (keepInMemory) => {
    const path = readModels.newPath()
    const readModel = readModels.open({ path, keepInMemory })
    await follow(readModel, 1, [0])
    await follow(readModel, 0, range(0, 10))
    await written(path, 10)
    readModel.forget(0)
    await expectAnew(readModel)
  })

  test('removes previous records that are being written', async () => {
    const path = readModels.newPath()
    const readModel = readModels.open({ path })
    await follow(readModel, 1, [0])
    await follow(readModel, 0, range(0, 6_000))
    await follow(readModel, 0, range(6_000, 6_010))
    readModel.forget(0)
    await expectAnew(readModel)
    await written(path, 5)
    expect(events(readModel)).toEqual(['event-1-0', 'event-anew-0-4'])
    await readModels.close(readModel)
    expect(events(readModels.open({ path }))).toEqual(['event-1-0', 'event-anew-0-4'])
  })

  test('and once more', async () => {
    const path = readModels.newPath()
    const readModel = readModels.open({ path, keepInMemory: 0 })
    await follow(readModel, 0, range(0, 10))
    readModel.forget(0)
    await anew(readModel, [1, 2])
    readModel.forget(0)
    await follow(readModel, 0, [1], () => ({ log: '-third' }), 'cccccccc')
    await written(path, 2)
    expect(events(readModel)).toEqual(['event-third-0-1'])
  })
})

/** The outcomes of one block. */
function damageBlock(path: string) {
  const database = openCacheFile(path)
  const block = database
    .prepare(`SELECT body FROM blocks WHERE position <= 1500 ORDER BY position DESC`)
    .get()
  database.close()
  const bytes = readFileSync(path)
  const end = Buffer.from((block as { body: Uint8Array }).body).subarray(-100)
  bytes.fill(0xa5, bytes.indexOf(end), bytes.indexOf(end) + end.length)
  writeFileSync(path, bytes)
}

const PAGE = 4_096

/** How many are found by their ids, one after the other, and by their customer; undefined if one read fails. */
function readEverything(readModel: ReadModel): number[] | undefined {
  try {
    return [
      range(0, 600).filter((offset) => readModel.find(eventAt(0, offset))).length,
      events(readModel).length,
      events(readModel, { customer: ana }).length,
    ]
  } catch {
    return undefined
  }
}

describe('a damaged file', () => {
  test.each<[string, (readModel: ReadModel) => unknown]>([
    ['a look-up', (readModel) => range(0, 3_000).map((offset) => readModel.find(eventAt(0, offset)))],
    ['a read', (readModel) => events(readModel)],
    ['a read of a customer', (readModel) => events(readModel, { customer: ana })],
  ])('is reported by %s, so that it is rebuilt', async (_, use) => {
    const path = readModels.newPath()
    const sound = readModels.open({ path, partitions: 1 })
    await follow(sound, 0, range(0, 3_000), () => ({ customer: ana }))
    await readModels.close(sound)
    damageBlock(path)
    const onFailure = vi.fn()
    const readModel = readModels.open({ path, partitions: 1, onFailure })
    expect(readModel.partition(0).next).toBe(3_000)
    expect(() => use(readModel)).toThrow()
    expect(onFailure).toHaveBeenCalled()
  })

  test('has all of its outcomes, is rebuilt at once, or reports the damage, whichever page it is in', async () => {
    const path = readModels.newPath()
    const sound = readModels.open({ path, partitions: 1 })
    await follow(sound, 0, range(0, 600), (offset) => ({ customer: ana, folio: `AAA-${offset}` }))
    await readModels.close(sound)
    const bytes = readFileSync(path)
    const seen = { sound: 0, rebuilt: 0, reported: 0 }

    for (const page of range(0, bytes.length / PAGE)) {
      const damaged = readModels.newPath()
      mkdirSync(dirname(damaged))
      writeFileSync(damaged, Buffer.from(bytes).fill(0xa5, page * PAGE, (page + 1) * PAGE))
      const onFailure = vi.fn()
      const readModel = readModels.open({ path: damaged, partitions: 1, onFailure })
      const { next } = readModel.partition(0)
      if (next === 0) {
        await follow(readModel, 0, range(0, 10))
        expect(events(readModel)).toHaveLength(10)
        seen.rebuilt++
      } else {
        const found = readEverything(readModel)
        expect(next).toBe(600)
        if (onFailure.mock.calls.length === 0) expect(found).toEqual([600, 600, 600])
        seen[onFailure.mock.calls.length === 0 ? 'sound' : 'reported']++
      }
      await readModels.close(readModel).catch(() => undefined)
    }
    expect(seen.rebuilt).toBeGreaterThan(0)
    expect(seen.reported).toBeGreaterThan(0)
  }, 120_000)

  test('is distinguished from a closed file', async () => {
    const onFailure = vi.fn()
    const readModel = readModels.open({ onFailure, keepInMemory: 0 })
    await follow(readModel, 0, range(0, 10))
    await readModels.close(readModel)
    expect(() => readModel.find('event-0-1')).toThrow()
    expect(onFailure).not.toHaveBeenCalled()
  })
})

describe('waiting', () => {
  const never = new AbortController().signal

  test('for an event ends when it is appended', async () => {
    const readModel = readModels.open()
    const found = readModel.findWithin('event-0-3', 30_000)
    await follow(readModel, 0, [2])
    await follow(readModel, 0, [3])
    expect(parsed(await found)?.eventId).toBe('event-0-3')
  })

  test('for an existing event, or for no time, returns immediately', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, [3])
    expect(parsed(await readModel.findWithin('event-0-3', 30_000))?.eventId).toBe('event-0-3')
    expect(await readModel.findWithin('event-0-4', 0)).toBeUndefined()
    expect(await readModel.findWithin('event-0-4', 5)).toBeUndefined()
    expect(await readModel.findWithin('event-0-4', 30_000, AbortSignal.abort())).toBeUndefined()
  })

  test('for an offset ends when everything before it was followed', async () => {
    const readModel = readModels.open()
    const reached = readModel.reached(1, 3, 30_000, never)
    await follow(readModel, 0, range(0, 9))
    await follow(readModel, 1, [0, 1])
    expect(await readModel.reached(1, 3, 5, never)).toBe(false)
    await readModel.append(1, { records: [], next: 3, resume: undefined, log: '' })
    expect(await reached).toBe(true)
    expect(await readModel.reached(1, 9, 30_000, AbortSignal.abort())).toBe(false)
  })

  test('for anything beyond some offsets ends when any partition has it', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 5))
    let ended = false
    const beyond = readModel.beyond([5, 0, 0], 30_000, never).then(() => (ended = true))
    await readModel.append(0, { records: [], next: 5, resume: undefined, log: '' })
    expect(ended).toBe(false)
    await follow(readModel, 2, [0])
    expect(await beyond).toBe(true)
    await readModel.beyond([4, 0, 0], 30_000, never)
  })
})

const onlyTheLastMatches = (offset: number) => ({
  classifiedAt: offset,
  ...(offset === 19_999 ? { kind: 'slow' as const, customer: eva } : { customer: ana }),
})

describe('a filter that skips most records', () => {
  test.each<[string, Partial<OutcomeFilter>, number]>([
    ['by its kind', { kinds: new Set(['slow']) }, 3],
    ['by its time', { since: 19_999 }, 3],
    ['by its customer', { customer: eva }, 3],
  ])('%s needs few pages, even for one record at a time', async (_, filter, most) => {
    const path = readModels.newPath()
    const readModel = readModels.open({ path, partitions: 1, keepInMemory: 0 })
    for (const from of range(0, 4))
      await follow(readModel, 0, range(from * 5_000, from * 5_000 + 5_000), onlyTheLastMatches)
    await written(path, 20_000)
    const { events: found, pages } = readAll(readModel, filter, 1)
    expect(found).toEqual(['event-0-19999'])
    expect(pages).toBeLessThanOrEqual(most)
  })
})

test('behaves like a plain list, for any appends, cuts, resets, restarts and reads', async () => {
  const { below, chance, oneOf } = createTestRandom()
  const path = readModels.newPath()
  const open = () => readModels.open({ path, partitions: 2, keepInMemory: 20 })
  let readModel = open()
  const model = range(0, 2).map(() => ({ next: 0, log: 0, records: [] as OutcomeRecord[] }))
  let clock = 0

  for (let step = 0; step < 800; step++) {
    const partition = below(2)
    const log = model[partition]
    if (!log) continue
    if (chance(0.01)) {
      await readModels.close(readModel)
      readModel = open()
    }
    if (chance(0.02)) {
      readModel.forget(partition)
      Object.assign(log, { next: 0, log: log.log + 1, records: [] })
    } else if (chance(0.05)) {
      const first = below(log.next + 1)
      readModel.cut(partition, first)
      log.records = log.records.filter(({ offset }) => offset >= first)
    } else {
      const records = range(0, below(oneOf(3, 60))).map(() => {
        log.next += 1 + below(2)
        clock += 1
        const kind = oneOf<OutcomeKind>('quick', 'slow', 'none', 'invalid', express)
        const told = {
          kind,
          customer: oneOf(ana, eva),
          folio: kind === 'none' ? null : oneOf('AAA-0001', 'AAA-0002', 'AAA-0003'),
          productovisto: oneOf('Lámpara', 'Lámpara "2"', 'ámpara'),
          classifiedAt: clock,
          // Other programs may give any event such an id; only of an invalid one is it a conflict.
          ...(chance(kind === 'invalid' ? 0.3 : 0.1)
            ? { eventId: conflictIdOf(eventAt(partition, 3, `-${log.log}`), log.next) }
            : {}),
          log: `-${log.log}`,
        }
        return outcomeRecord(partition, log.next - 1, told)
      })
      log.next += below(2)
      log.records.push(...records)
      await readModel.append(partition, { records, next: log.next, resume: undefined, log: String(log.log) })
    }
    const filter: Partial<OutcomeFilter> = oneOf(
      {},
      { kinds: new Set(['slow']) },
      { kinds: new Set([express, 'none']) },
      { kinds: new Set([kindSchema.parse('never-seen')]) },
      { kinds: 'all' },
      { kinds: 'notified', customer: ana },
      { customer: ana },
      { since: below(clock + 1), until: below(clock + 1) },
      { folio: oneOf('AAA-0001', 'AAA-0009') },
      { folio: 'AAA-0002', customer: ana, kinds: new Set(['quick']) },
      { product: oneOf('Lámpara', 'Lámpara "2"', 'ámpar') },
      { product: 'ámpara', customer: eva },
      {
        events: new Set([
          eventAt(partition, 3, `-${log.log}`),
          eventAt(0, below(log.next + 1), '-0'),
          'none',
        ]),
      },
    )
    const matching = model
      .flatMap(({ records }) => records)
      .filter(({ kind }) => isAsked(filter.kinds, kind))
      .filter(({ customer }) => !filter.customer || filter.customer === customer)
      .filter(({ folio }) => !filter.folio || filter.folio === folio)
      .filter(({ json }) => !filter.product || productOf(json) === filter.product)
      .filter(
        ({ eventId, kind }) =>
          !filter.events ||
          filter.events.has(kind === 'invalid' ? eventId.replace(/-conflict-.*/, '') : eventId),
      )
      .filter(({ classifiedAt }) => filter.since === undefined || classifiedAt >= filter.since)
      .filter(({ classifiedAt }) => filter.until === undefined || classifiedAt < filter.until)
      .toSorted((a, b) => a.classifiedAt - b.classifiedAt)
    const kept = readModel.partitions().map(({ first }) => first)
    const found = readAll(readModel, filter, 1 + below(100), kept)
    expect(found.events).toEqual(matching.map(({ eventId }) => eventId))
    expect(found.next).toEqual(model.map(({ next }) => next))
    if (chance(0.5))
      expect(readAllBack(readModel, filter, 20 + below(100))).toEqual(found.events.toReversed())
  }
})
