import { expect, test, vi } from 'vitest'
import type { BaseKind } from '../../backbone/records/outcome.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { parseOutcome } from './encoded-outcome.ts'
import { openSampler, ReadCancelledError } from './sample-outcomes.ts'

const readModels = createTestReadModels()
const MINUTE = 60_000
const kinds = new Set<BaseKind>(['quick', 'slow'])
const all = {
  kinds,
  owner: undefined as string | undefined,
  since: 0,
  until: Number.MAX_SAFE_INTEGER,
  most: 100_000,
}
const idOf = (json: Uint8Array) => parseOutcome(json).eventId

/** Two partitions with 3,000 outcomes each, one a second; every tenth is a visit, every fifth of the kiosk. */
async function setUp(timeOf = (offset: number) => offset * 1_000) {
  const path = readModels.newPath()
  const readModel = readModels.open({ path, partitions: 3 })
  for (const partition of [0, 2])
    await follow(readModel, partition, range(0, 3_000), (offset) => ({
      classifiedAt: timeOf(offset),
      kind: offset % 10 === 0 ? 'none' : offset % 2 === 0 ? 'slow' : 'quick',
      owner: offset % 5 === 1 ? 'kiosk' : 'storefront',
    }))
  const sampler = openSampler(path)
  const read = (given: Partial<typeof all> = {}, isCancelled = () => false) =>
    sampler.read({ ...all, ...given, isCancelled }, idOf)
  await vi.waitFor(() => expect(read().items).toHaveLength(2 * 2_700), { timeout: 10_000, interval: 50 })
  return { read, readModel, sampler }
}

test('all outcomes of a period, of these kinds and this owner', async () => {
  const { read } = await setUp()
  const { items, ofAbout } = read({ since: 600_000, until: 1_200_000 })
  expect(ofAbout).toBeUndefined()
  const expected = [0, 2].flatMap((partition) =>
    range(600, 1_200)
      .filter((offset) => offset % 10 > 0)
      .map((offset) => `event-${partition}-${offset}`),
  )
  expect(items).toEqual(expected)
  expect(read({ owner: 'kiosk' }).items).toHaveLength(2 * 600)
  expect(read({ since: 3_000_000 }).items).toEqual([])
  expect(read({ until: 0 }).items).toEqual([])
})

test('an owner whose clock differs by less than a minute hides none', async () => {
  const { read } = await setUp((offset) => offset * 1_000 + (Math.floor(offset / 100) % 2) * 0.9 * MINUTE)
  const { items } = read({ since: 600_000, until: 1_200_000 })
  const at = (offset: number) => offset * 1_000 + (Math.floor(offset / 100) % 2) * 54_000
  const meant = range(0, 3_000).filter(
    (offset) => offset % 10 > 0 && at(offset) >= 600_000 && at(offset) < 1_200_000,
  )
  expect(items).toHaveLength(2 * meant.length)
})

test('of more than it may read, a sample from everywhere, and about how many there are', async () => {
  const { read } = await setUp()
  expect(read({ most: 6_000 }).ofAbout).toBeUndefined()
  const { items, ofAbout } = read({ most: 600 })
  expect(new Set(items).size).toBe(items.length)
  expect(items.length).toBeGreaterThan(480)
  expect(items.length).toBeLessThan(660)
  expect(ofAbout).toBe(items.length * 10)
  const thirds = Map.groupBy(items, (id) => Math.floor(Number(id.split('-').at(-1)) / 1_000))
  for (const third of [0, 1, 2]) expect(thirds.get(third)?.length).toBeGreaterThan(150)
  expect(read({ most: 5_999 }).ofAbout).toBeDefined()
})

test('the sample of a period is the same again, and most of it that of an overlapping period', async () => {
  const { read } = await setUp()
  const items = read({ most: 600 }).items
  expect(read({ most: 600 }).items).toEqual(items)
  const later = new Set(read({ most: 600, since: 60_000 }).items)
  const both = items.filter((id) => Number(id.split('-').at(-1)) >= 60)
  expect(both.filter((id) => later.has(id)).length).toBe(both.length)
})

test('the outcomes of a sample one at a time are the same', async () => {
  const { read, sampler } = await setUp()
  const query = { ...all, since: 60_000, most: 600 }
  const each = sampler.each({ ...query, isCancelled: () => false }).map(idOf)
  expect([...each]).toEqual(read(query).items)
  expect(() => sampler.each({ ...query, isCancelled: () => true }).next()).toThrow(ReadCancelledError)
})

test('what retention removed is not read, and a read can be cancelled', async () => {
  const { read, readModel } = await setUp()
  readModel.cut(0, 2_000)
  await vi.waitFor(() => expect(read().items).toHaveLength(2_700 + 900), { timeout: 10_000, interval: 50 })
  expect(() => read({}, () => true)).toThrow(ReadCancelledError)
})
