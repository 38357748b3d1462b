import { describe, expect, test, vi } from 'vitest'
import { createFileReader } from '../read-model/reader.ts'
import { prepareReadModelFile } from '../read-model/schema.ts'
import { createTestApp } from '../testing/apps.ts'
import { eventIdOf } from '../testing/frames.ts'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt, outcomeRecord } from '../testing/records.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

const readModels = createTestReadModels()
const { below } = createTestRandom()
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
const log = 'aaaaaaaa'

function setUp(readModel = readModels.open()) {
  return { readModel, ...createTestApp(readModel) }
}
function nextInFile(path: string): number[] {
  const reader = prepareReadModelFile(path, createFileReader)
  const next = [...reader.partitions().values()].map((state) => state.next)
  reader.close()
  return next
}
const ids = ({ items }: { items: { eventId: string }[] }) => items.map(({ eventId }) => eventId)

/** Three partitions, classified alternately; every fourth outcome is of a kind that does not notify. */
async function withOutcomes(count: number) {
  const app = setUp()
  for (const partition of range(0, 3)) {
    await follow(app.readModel, partition, range(0, count), (offset) => ({
      kind: offset % 4 === 3 ? 'none' : 'quick',
      classifiedAt: offset * 3 + partition,
    }))
  }
  const all = range(0, count)
    .filter((offset) => offset % 4 !== 3)
    .flatMap((offset) => range(0, 3).map((partition) => eventAt(partition, offset)))
  return { ...app, all }
}

describe('a page', () => {
  test('has the outcomes as in the log, and the next position', async () => {
    const { readModel, get } = setUp()
    await follow(readModel, 1, [0, 2])
    const response = await get('/notifications')
    expect(response.headers.get('content-type')).toBe('application/json')
    const [first, second] = [0, 2].map((offset) => Buffer.from(outcomeRecord(1, offset).json).toString())
    const next = encodeCursor({ next: [0, 3, 0], logs: ['', log, ''] })
    expect(await response.text()).toBe(`{"items":[${first},${second}],"next":"${next}"}`)
  })

  test('without outcomes is empty, and has the next position', async () => {
    const { get } = setUp()
    const next = encodeCursor({ next: [0, 0, 0], logs: ['', '', ''] })
    expect(await (await get('/notifications')).text()).toBe(`{"items":[],"next":"${next}"}`)
  })

  test('begins with the earliest outcome, unless it asks for now', async () => {
    const { readModel, page } = setUp()
    await follow(readModel, 0, range(0, 3))
    readModel.cut(0, 1)
    expect(ids(await page())).toEqual([eventAt(0, 1), eventAt(0, 2)])
    expect(ids(await page('?from=earliest'))).toEqual([eventAt(0, 1), eventAt(0, 2)])
    const { items, next, gap } = await page('?from=now')
    expect({ items, gap }).toEqual({ items: [], gap: undefined })
    await follow(readModel, 0, [3])
    expect(ids(await page(`?cursor=${next}`))).toEqual([eventAt(0, 3)])
  })

  test('has at most a hundred outcomes, unless it asks for more', async () => {
    const { page } = await withOutcomes(100)
    expect((await page()).items).toHaveLength(100)
    expect((await page('?limit=1000')).items).toHaveLength(225)
    expect((await page('?limit=7')).items).toHaveLength(7)
  })

  test.each([
    ['?kind=none', [3, 7]],
    [`?customer=${eva}`, [1, 5]],
    [`?customer=${eva}&kind=none,quick`, [1, 3, 5, 7]],
    ['?since=1970-01-01T00:00:05Z', [5, 6]],
    ['?until=1970-01-01T02:00:01%2B02:00', [0]],
  ])('%s has the matching outcomes', async (query, expected) => {
    const { readModel, page } = setUp()
    await follow(readModel, 0, range(0, 8), (offset) => ({
      kind: offset % 4 === 3 ? 'none' : 'quick',
      customer: offset % 2 ? eva : ana,
      classifiedAt: offset * 1_000,
    }))
    expect(ids(await page(query))).toEqual(expected.map((offset) => eventAt(0, offset)))
  })
})

describe('paging by next', () => {
  test('fills its pages, also with few matches', async () => {
    const path = readModels.newPath()
    const before = readModels.open({ path, partitions: 1 })
    const offsets = range(0, 400).map((i) => i * 100)
    await follow(before, 0, offsets)
    await readModels.close(before)
    const { page } = setUp(readModels.open({ path, partitions: 1 }))
    const first = await page('?limit=250')
    const second = await page(`?limit=250&cursor=${first.next}`)
    expect([first.items.length, second.items.length]).toEqual([250, 150])
    expect([...ids(first), ...ids(second)]).toEqual(offsets.map((offset) => eventAt(0, offset)))
  })

  test('gives all of them, none twice, with every page size', async () => {
    const { all, page } = await withOutcomes(12)
    for (let limit = 1; limit <= all.length + 1; limit++) {
      const found: string[] = []
      let cursor = ''
      for (let pages = 0; ; pages++) {
        const { items, next } = await page(`?limit=${limit}${cursor}`)
        expect(items.length).toBeLessThanOrEqual(limit)
        found.push(...ids({ items }))
        cursor = `&cursor=${next}`
        if (items.length < limit) break
        expect(pages).toBeLessThan(100)
      }
      expect(found).toEqual(all)
      expect((await page(`?limit=${limit}${cursor}`)).items).toEqual([])
    }
  })

  test('continues with new outcomes, while more arrive', async () => {
    const { readModel, page } = setUp()
    const found: string[] = []
    let cursor = ''
    let next = 0
    for (let round = 0; round < 60; round++) {
      const more = round < 40 ? below(30) : 0
      await follow(readModel, round % 3, range(next, next + more))
      next += more
      const answer = await page(`?limit=${1 + below(40)}${cursor}`)
      found.push(...ids(answer))
      cursor = `&cursor=${answer.next}`
    }
    expect(found.toSorted()).toEqual(ids(await page('?limit=1000')).toSorted())
    expect(new Set(found).size).toBe(next)
  })

  test('and then by a stream misses nothing and repeats nothing', async () => {
    const { readModel, all, page, openStream } = await withOutcomes(12)
    for (const limit of [1, 5, 26, 27, 28, 100]) {
      const { items, next } = await page(`?limit=${limit}`)
      const { events, cancel } = await openStream(`?cursor=${next}`)
      await follow(readModel, 2, [readModel.partition(2).next + 4], (offset) => ({
        classifiedAt: offset * 3,
      }))
      const last = eventAt(2, readModel.partition(2).next - 1)
      all.push(last)
      const rest = (await events(all.length - items.length)).map(eventIdOf)
      expect([...ids({ items }), ...rest].toSorted()).toEqual(all.toSorted())
      await cancel()
    }
  })

  test('continues from a frame of a stream', async () => {
    const { all, page, openStream } = await withOutcomes(4)
    const { events, cancel } = await openStream('?from=earliest')
    const frames = await events(all.length)
    await cancel()
    for (const [index, { id }] of frames.entries()) {
      const seen = frames.slice(0, index + 1).map(eventIdOf)
      const rest = ids(await page(`?cursor=${id}`))
      expect([...seen, ...rest].toSorted()).toEqual(all.toSorted())
    }
  })
})

describe('of large outcomes', () => {
  const large = { productovisto: 'x'.repeat(100_000) }

  test.each([0, 1_000])(
    'a page has all that it is asked for, a little at a time, with %i in memory',
    async (keepInMemory) => {
      const path = readModels.newPath()
      const app = setUp(readModels.open({ path, keepInMemory }))
      for (const partition of range(0, 3)) await follow(app.readModel, partition, range(0, 40), () => large)
      await vi.waitFor(() => expect(nextInFile(path)).toEqual([40, 40, 40]), 10_000)
      const response = await app.get('/notifications?limit=100')
      const sizes: number[] = []
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      const read: Uint8Array[] = []
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        sizes.push(chunk.value.length)
        read.push(chunk.value)
      }
      const { items, next } = JSON.parse(Buffer.concat(read).toString()) as Awaited<
        ReturnType<typeof app.page>
      >
      expect(items).toHaveLength(100)
      expect(Math.max(...sizes)).toBeLessThan(2_000_000)
      const rest = await app.page(`?limit=100&cursor=${next}`)
      expect(rest.items).toHaveLength(20)
      expect(new Set(ids({ items: [...items, ...rest.items] })).size).toBe(120)
    },
  )

  test('a stream has them all, in several chunks', async () => {
    const { readModel, get } = setUp()
    await follow(readModel, 0, range(0, 40), () => large)
    const response = await get('/notifications/stream?from=earliest')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let frames = 0
    while (frames < 40) {
      const { value = new Uint8Array() } = await reader.read()
      expect(value.length).toBeLessThan(1_000_000)
      frames += Buffer.from(value).toString().split('event: notification').length - 1
    }
    await reader.cancel()
    expect(frames).toBe(40)
  })
})

describe('what is missing', () => {
  test('is reported when the cursor is older than the log', async () => {
    const { readModel, page } = await withOutcomes(8)
    const { next } = await page('?limit=3')
    readModel.cut(0, 5)
    readModel.cut(1, 1)
    const answer = await page(`?cursor=${next}`)
    expect(answer.gap).toEqual([{ partition: 0, from: 1, to: 5 }])
    expect(ids(answer)[0]).toBe(eventAt(1, 1))
    expect((await page(`?cursor=${answer.next}`)).gap).toBeUndefined()
  })

  test('is reported when the log was recreated, also when that is detected later', async () => {
    const { readModel, page } = await withOutcomes(8)
    const { next } = await page()
    readModel.forget(1)
    const between = await page(`?cursor=${next}`)
    expect(between).toMatchObject({ items: [] })
    expect(between.gap).toBeUndefined()
    expect(decodeCursor(between.next)).toEqual(decodeCursor(next))
    await follow(readModel, 1, range(0, 20), () => ({ log: '-anew' }), 'bbbbbbbb')
    const answer = await page(`?cursor=${between.next}`)
    expect(answer.gap).toEqual([{ partition: 1, from: 8, to: 0 }])
    expect(ids(answer)).toEqual(range(0, 20).map((offset) => eventAt(1, offset, '-anew')))
  })
})

describe('is refused', () => {
  test('for a malformed cursor', async () => {
    const response = await setUp().get('/notifications?cursor=basura')
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ type: 'urn:problem-type:checkout:invalid-request' })
  })

  test.each(['/notifications', '/notifications/stream'])('%s for all its faults at once', async (path) => {
    const response = await setUp().get(`${path}?kind=Exprés&limit=0&since=ayer&customer=yo&from=later`)
    expect(response.status).toBe(400)
    const { detail } = (await response.json()) as { detail: string }
    expect(detail.split('; ').map((fault) => fault.split(' ')[0])).toEqual([
      'kind',
      'customer',
      'since',
      'limit',
      'from',
    ])
  })
})
