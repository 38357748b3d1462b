import { describe, expect, test } from 'vitest'
import { createTestApp } from '../testing/apps.ts'
import { eventIdOf } from '../testing/frames.ts'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt, outcomeRecord } from '../testing/records.ts'
import { decodeDescendingCursor, encodeCursor, encodeDescendingCursor } from './cursor.ts'

const readModels = createTestReadModels()
const PIECES_PER_PAGE = 16

interface DescendingPage {
  items: { eventId: string }[]
  next?: string
  newer?: string
  gap?: object[]
}

function setUp(readModel = readModels.open()) {
  const app = createTestApp(readModel)
  return {
    ...app,
    readModel,
    page: async (query = '') => (await app.page(`?order=desc${query}`)) as DescendingPage,
  }
}
const ids = ({ items }: { items: { eventId: string }[] }) => items.map(({ eventId }) => eventId)

describe('a page with order=desc', () => {
  test('has the newest outcome first, as it is in the log', async () => {
    const { readModel, get } = setUp()
    await follow(readModel, 1, [0, 2])
    const [first, second] = [2, 0].map((offset) => Buffer.from(outcomeRecord(1, offset).json).toString())
    const newer = encodeCursor({ next: [0, 3, 0], logs: ['', 'aaaaaaaa', ''] })
    const response = await get('/notifications?order=desc')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe(`{"items":[${first},${second}],"newer":"${newer}"}`)
  })

  test('has neither `next` nor outcomes when there are none', async () => {
    const { page } = setUp()
    expect(await page()).toEqual({ items: [], newer: encodeCursor({ next: [0, 0, 0], logs: ['', '', ''] }) })
    expect((await page('&from=now')).items).toEqual([])
  })

  test('merges the partitions, newest first, and ends without `next`', async () => {
    const { readModel, page } = setUp()
    for (const partition of range(0, 3))
      await follow(readModel, partition, range(0, 9), (offset) => ({ classifiedAt: offset * 3 + partition }))
    const all = range(0, 9)
      .flatMap((offset) => range(0, 3).map((partition) => eventAt(partition, offset)))
      .toReversed()
    for (let limit = 1; limit <= all.length + 1; limit++) {
      const found: string[] = []
      let next: string | undefined = ''
      for (let cursor = ''; next !== undefined; cursor = `&cursor=${next}`) {
        const answer = await page(`&limit=${limit}${cursor}`)
        expect(answer.items.length).toBe(Math.min(limit, all.length - found.length))
        expect(answer.newer === undefined).toBe(cursor !== '')
        found.push(...ids(answer))
        next = answer.next
      }
      expect(found).toEqual(all)
    }
  })

  test.each(['newer', 'next of order=asc'])('and a stream from `%s` have everything once', async (start) => {
    const { readModel, page, get, openStream } = setUp()
    await follow(readModel, 0, range(0, 5))
    const { items, newer = '' } = await page()
    const { next } = (await (await get('/notifications?from=now')).json()) as { next: string }
    const { events, cancel } = await openStream(`?cursor=${start === 'newer' ? newer : next}`)
    await follow(readModel, 0, range(5, 9))
    expect([...ids({ items }), ...(await events(4)).map(eventIdOf)].toSorted()).toEqual(
      range(0, 9).map((offset) => eventAt(0, offset)),
    )
    await cancel()
  })
})

test('pages over a log that grows miss and repeat nothing that existed at the first page', async () => {
  const { below, chance, oneOf } = createTestRandom()
  for (let round = 0; round < 12; round++) {
    const path = readModels.newPath()
    const open = () => readModels.open({ path, partitions: 3, keepInMemory: 10 })
    let app = setUp(open())
    const ends = [0, 0, 0]
    let clock = 0
    const existing: { eventId: string; classifiedAt: number }[] = []
    const grow = async (isFirst = false) => {
      const partition = below(3)
      const records = range(0, below(oneOf(5, 80))).map(() => {
        const offset = (ends[partition] ?? 0) + below(3)
        ends[partition] = offset + 1
        clock += 1
        return outcomeRecord(partition, offset, { kind: oneOf('quick', 'none'), classifiedAt: clock })
      })
      if (isFirst) existing.push(...records.filter(({ kind }) => kind === 'quick'))
      const next = ends[partition] ?? 0
      await app.readModel.append(partition, { records, next, resume: next, log: 'aaaaaaaa' })
    }
    for (const _ of range(0, 12)) await grow(true)

    const found: string[] = []
    let cursor = ''
    for (;;) {
      const answer = await app.page(`&limit=${1 + below(40)}${cursor}`)
      expect(answer.gap).toBeUndefined()
      found.push(...ids(answer))
      if (answer.next === undefined) break
      cursor = `&cursor=${answer.next}`
      if (chance(0.7)) await grow()
      if (chance(0.1)) {
        await readModels.close(app.readModel)
        app = setUp(open())
      }
    }
    const expected = existing.toSorted((a, b) => b.classifiedAt - a.classifiedAt)
    expect(found).toEqual(expected.map(({ eventId }) => eventId))
  }
})

describe('the work of one page is limited', () => {
  /** Only the oldest outcome matches, and it is found with this piece. */
  async function foundWithPiece(piece: number) {
    const readModel = readModels.open({ partitions: 1 })
    await follow(readModel, 0, range(0, 100))
    let pieces = 0
    const before: typeof readModel.before = ([offset = 0], filter, limit) => {
      pieces += 1
      return pieces < piece
        ? { records: [], next: [offset - 1], end: false }
        : readModel.before([1], filter, limit)
    }
    return setUp({ ...readModel, before })
  }

  test('what is within the limit is on the page', async () => {
    const { page } = await foundWithPiece(PIECES_PER_PAGE)
    const { items, next } = await page()
    expect([ids({ items }), next]).toEqual([[eventAt(0, 0)], undefined])
  })

  test('`next` continues beyond it', async () => {
    const { page } = await foundWithPiece(PIECES_PER_PAGE + 1)
    const first = await page()
    expect(first.items).toEqual([])
    const second = await page(`&cursor=${first.next}`)
    expect([ids(second), second.next]).toEqual([[eventAt(0, 0)], undefined])
  })
})

describe('what is missing', () => {
  const log = 'aaaaaaaa'
  async function withOutcomes() {
    const app = setUp()
    for (const partition of range(0, 2))
      await follow(app.readModel, partition, range(0, 8), (offset) => ({
        classifiedAt: offset * 3 + partition,
      }))
    return app
  }

  test('is no gap if it was removed before the first page', async () => {
    const { readModel, page } = await withOutcomes()
    readModel.cut(0, 5)
    const { items, gap } = await page()
    expect([items.length, gap]).toEqual([11, undefined])
  })

  test('is reported once if retention removed it between the pages', async () => {
    const { readModel, page } = await withOutcomes()
    readModel.cut(0, 1)
    const first = await page('&limit=4')
    readModel.cut(0, 3)
    const second = await page(`&limit=2&cursor=${first.next}`)
    expect(second.gap).toEqual([{ partition: 0, from: 1, to: 3 }])
    const third = await page(`&cursor=${second.next}`)
    expect(third.gap).toBeUndefined()
    expect([...ids(first), ...ids(second), ...ids(third)]).toHaveLength(13)
  })

  test('reaches no further than what was read already', async () => {
    const { readModel, page } = await withOutcomes()
    const first = await page('&limit=4')
    readModel.cut(0, 8)
    const second = await page(`&cursor=${first.next}`)
    expect(second.gap).toEqual([{ partition: 0, from: 0, to: 6 }])
    expect(ids(second)).toEqual(range(0, 6).map((offset) => eventAt(1, 5 - offset)))
  })

  test('is the rest of a log that was recreated, whose new outcomes are newer', async () => {
    const { readModel, page } = await withOutcomes()
    const first = await page('&limit=4')
    readModel.forget(1)
    await follow(readModel, 1, range(0, 20), () => ({ log: '-anew' }), 'bbbbbbbb')
    const second = await page(`&cursor=${first.next}`)
    expect(second.gap).toEqual([{ partition: 1, from: 0, to: 6 }])
    expect(ids(second)).toEqual(range(0, 6).map((offset) => eventAt(0, 5 - offset)))
    expect(second.next).toBeUndefined()
    expect(ids(await page()).slice(0, 20)).toEqual(
      range(0, 20).map((offset) => eventAt(1, 19 - offset, '-anew')),
    )
  })

  test('is waited for by a member that is behind the cursor', async () => {
    const ahead = await withOutcomes()
    const behind = setUp()
    await follow(behind.readModel, 0, range(0, 8))
    await follow(behind.readModel, 1, range(0, 7))
    const { next = '' } = await ahead.page('&limit=1')
    const answer = behind.page(`&cursor=${next}`)
    await follow(behind.readModel, 1, [7])
    expect((await answer).items).toHaveLength(15)
  })

  test.each([
    ['does not come', { before: [0, 1, 0], first: [0, 0, 0], logs: ['', log, ''] }],
    [
      'is of a partition it does not know',
      { before: [0, 0, 0, 1], first: [0, 0, 0, 0], logs: ['', '', '', log] },
    ],
  ])('makes such a member answer 503 if it %s, so that another is asked', async (_, cursor) => {
    const { get } = setUp()
    const response = await get(`/notifications?order=desc&cursor=${encodeDescendingCursor(cursor)}`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ type: 'urn:problem-type:checkout:results-unavailable' })
  })

  test('is not waited for where the cursor has nothing left', async () => {
    const { page } = setUp()
    const cursor = { before: [0, 5, 0], first: [0, 5, 0], logs: ['', log, ''] }
    expect(await page(`&cursor=${encodeDescendingCursor(cursor)}`)).toEqual({ items: [] })
  })
})

describe('is refused with 400', () => {
  const detailOf = async (path: string, headers: Record<string, string> = {}) => {
    const { get, readModel } = setUp()
    await follow(readModel, 0, range(0, 3))
    const response = await get(path, { headers })
    expect(response.status).toBe(400)
    return ((await response.json()) as { detail: string }).detail
  }
  const asc = encodeCursor({ next: [1], logs: [''] })
  const desc = encodeDescendingCursor({ before: [1], first: [0], logs: [''] })

  test('a cursor of the other order', async () => {
    for (const path of [`/notifications?order=desc&cursor=${asc}`, `/checkouts?cursor=${asc}`])
      expect(await detailOf(path)).toMatch(/^the cursor is of order=asc: /)
    const paths = [
      `/notifications?cursor=${desc}`,
      `/checkouts?order=asc&cursor=${desc}`,
      `/notifications/stream?cursor=${desc}`,
      `/notifications/stream?lastEventId=${desc}`,
    ]
    for (const path of paths) expect(await detailOf(path)).toMatch(/^the cursor is of order=desc: /)
    expect(await detailOf('/notifications/stream', { 'last-event-id': desc })).toMatch(/order=desc/)
    expect(await detailOf('/notifications?order=desc&cursor=basura')).toMatch(/not issued/)
  })

  test('a stream with order=desc', async () => {
    expect(await detailOf('/notifications/stream?order=desc')).toMatch(/^order=desc is for pages/)
    const accept = { accept: 'text/event-stream' }
    expect(await detailOf('/notifications?order=desc', accept)).toMatch(/^order=desc is for pages/)
  })

  test.each([
    ['order=up', 'order must be asc or desc'],
    ['order=desc&from=earliest', 'from earliest requires order=asc: nothing is older'],
    ['order=desc&lastEventId=AQA', 'lastEventId requires order=asc: it is the position of a stream'],
  ])('%s', async (query, detail) => {
    expect(await detailOf(`/notifications?${query}`)).toBe(detail)
  })
})

test('a cursor keeps what it needs of each partition', async () => {
  const { readModel, page } = setUp()
  await follow(readModel, 2, range(0, 5))
  readModel.cut(2, 1)
  const { next = '' } = await page('&limit=1')
  expect(decodeDescendingCursor(next)).toEqual({
    before: [0, 0, 4],
    first: [0, 0, 1],
    logs: ['', '', 'aaaaaaaa'],
  })
})
