import { describe, expect, test } from 'vitest'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { createTestApp } from '../testing/apps.ts'
import { cursorOf, eventIdOf } from '../testing/frames.ts'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt, outcomeRecord } from '../testing/records.ts'
import { encodeCursor } from './cursor.ts'

const readModels = createTestReadModels()
const { below, chance, oneOf } = createTestRandom()
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
const log = 'aaaaaaaa'

function setUp(readModel = readModels.open()) {
  return { readModel, ...createTestApp(readModel) }
}

describe('a stream', () => {
  test('is an event stream that no proxy may buffer', async () => {
    const response = await setUp().get('/notifications/stream')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
    await response.body?.cancel()
  })

  test('is also served at /notifications to clients that accept it', async () => {
    const response = await setUp().get('/notifications', { headers: { accept: 'text/event-stream' } })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    await response.body?.cancel()
  })

  test('begins with its position and a jittered retry time', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 1, range(0, 3))
    const retries = new Set<number>()
    for (let i = 0; i < 20; i++) {
      const { opening, cancel } = await openStream()
      expect(opening.raw).toMatch(/^retry: \d+\nevent: checkpoint\ndata: {}\nid: [\w-]+\n\n$/)
      expect(cursorOf(opening)).toEqual({ next: [0, 3, 0], logs: ['', log, ''] })
      retries.add(Number(opening.retry))
      await cancel()
    }
    expect(Math.min(...retries)).toBeGreaterThanOrEqual(1_000)
    expect(Math.max(...retries)).toBeLessThanOrEqual(3_000)
    expect(retries.size).toBeGreaterThan(10)
  })

  test('has each outcome as in the log, with the cursor after it', async () => {
    const { readModel, openStream } = setUp()
    const { events, cancel } = await openStream()
    await follow(readModel, 2, [4, 7])
    const frames = await events(2)
    const expected = [4, 7].map((offset) => ({
      json: Buffer.from(outcomeRecord(2, offset).json).toString(),
      id: encodeCursor({ next: [0, 0, offset + 1], logs: ['', '', log] }),
    }))
    expect(frames.map(({ raw }) => raw)).toEqual(
      expected.map(({ json, id }) => `event: notification\ndata: ${json}\nid: ${id}\n\n`),
    )
    await cancel()
  })

  test('begins now, unless it asks for the earliest', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 3))
    const [live, all] = [await openStream(), await openStream('?from=earliest')]
    await follow(readModel, 0, [3])
    expect((await live.events(1)).map(eventIdOf)).toEqual([eventAt(0, 3)])
    expect((await all.events(4)).map(eventIdOf)).toEqual(range(0, 4).map((offset) => eventAt(0, offset)))
    await Promise.all([live.cancel(), all.cancel()])
  })

  test.each([
    ['', [2, 3, 4]],
    ['?kind=none,invalid', [0, 1]],
    [`?customer=${eva}`, [3]],
    ['?since=1970-01-01T00:00:03Z&until=1970-01-01T00:00:04Z', [3]],
  ])('%s has the matching outcomes', async (query, expected) => {
    const { readModel, openStream } = setUp()
    const { events, cancel } = await openStream(query)
    const kinds = ['none', 'invalid', 'quick', 'slow', 'quick'] as const
    const told = (offset: number) => ({
      kind: kinds[offset] ?? 'quick',
      customer: offset % 2 ? eva : ana,
      classifiedAt: offset * 1_000,
    })
    await follow(readModel, 0, range(0, 5), told)
    const last = { kind: 'quick' as const, customer: eva, classifiedAt: 3_000 }
    await follow(readModel, 1, [9], () =>
      query.includes('kind') ? { ...last, kind: 'none' as const } : last,
    )
    const found = (await events(expected.length + 1)).map(eventIdOf)
    expect(found.toSorted()).toEqual([...expected.map((offset) => eventAt(0, offset)), eventAt(1, 9)])
    await cancel()
  })
})

describe('resuming', () => {
  /** The same log followed by another member: in other batches, with other records in memory. */
  async function followEverywhere(members: ReadModel[], records: [partition: number, offset: number][]) {
    for (const readModel of members) {
      for (const partition of range(0, 3)) {
        const offsets = records.filter(([p]) => p === partition).map(([, offset]) => offset)
        const size = 1 + below(20)
        for (let i = 0; i < offsets.length; i += size) {
          await follow(readModel, partition, offsets.slice(i, i + size), (offset) => ({
            classifiedAt: offset * 10 + partition,
            kind: offset % 3 === 0 ? 'none' : 'quick',
          }))
        }
      }
    }
  }

  test('from any frame, on any member, gives the rest, each once', async () => {
    const members = [readModels.open(), readModels.open({ keepInMemory: 0 })]
    const apps = members.map((readModel) => createTestApp(readModel))
    const records = range(0, 40).flatMap((offset) =>
      range(0, 3)
        .filter(() => chance(0.7))
        .map((partition): [number, number] => [partition, offset]),
    )
    await followEverywhere(members, records)
    const expected = records.filter(([, offset]) => offset % 3 !== 0).length
    const first = await apps[0]?.openStream('?from=earliest')
    const frames = first ? [first.opening, ...(await first.events(expected))] : []
    await first?.cancel()
    const all = frames.slice(1).map(eventIdOf)
    expect(new Set(all).size).toBe(expected)

    const last: [number, number] = [1, 1_000]
    await followEverywhere(members, [last])
    for (const [index, { id = '' }] of frames.entries()) {
      for (const app of apps) {
        const { events, cancel } = await app.openStream('', { 'last-event-id': id })
        const rest = (await events(expected - index + 1)).map(eventIdOf)
        expect(rest.at(-1)).toBe(eventAt(...last))
        expect([...all.slice(0, index), ...rest.slice(0, -1)].toSorted()).toEqual(all.toSorted())
        await cancel()
      }
    }
  })

  test('after random cuts, with a filter that skips most records, gives each once and in the order of its partition', async () => {
    const { readModel, openStream } = setUp()
    const expected: string[][] = [[], [], []]
    const seen: string[][] = [[], [], []]
    const missing = () => expected.flat().length - seen.flat().length
    let opening: string | undefined = (await (await setUp(readModel).openStream()).cancel(), undefined)
    opening = (await openStream()).opening.id
    while (expected.flat().length < 120) {
      for (let i = below(4); i >= 0; i--) {
        const partition = below(3)
        const { next } = readModel.partition(partition)
        const kinds = new Map(
          range(next, next + below(oneOf(3, 400))).map((offset) => [offset, chance(0.05)]),
        )
        await follow(readModel, partition, [...kinds.keys()], (offset) => ({
          kind: kinds.get(offset) ? 'slow' : 'none',
        }))
        for (const [offset, slow] of kinds) if (slow) expected[partition]?.push(eventAt(partition, offset))
      }
      const stream = await openStream('?kind=slow', { 'last-event-id': opening ?? '' })
      for (let left = Math.min(missing(), below(20)); left > 0; ) {
        const frame = await stream.next()
        opening = frame?.id
        if (frame?.event !== 'notification') continue
        left -= 1
        const eventId = eventIdOf(frame)
        seen[Number(eventId.split('-')[1])]?.push(eventId)
      }
      await stream.cancel()
    }
    const stream = await openStream('?kind=slow', { 'last-event-id': opening ?? '' })
    for (const eventId of (await stream.events(missing())).map(eventIdOf)) {
      seen[Number(eventId.split('-')[1])]?.push(eventId)
    }
    await stream.cancel()
    expect(seen).toEqual(expected)
  })

  test('Last-Event-ID takes precedence over the cursor, and the cursor over from', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 6))
    const at = (offset: number) => encodeCursor({ next: [offset, 0, 0], logs: [log, '', ''] })
    const firstOf = async (query: string, headers = {}) => {
      const { events, cancel } = await openStream(query, headers)
      const [first] = await events(1)
      await cancel()
      return first && eventIdOf(first)
    }
    const everywhere = `?from=earliest&cursor=${at(2)}`
    expect(await firstOf(everywhere, { 'last-event-id': at(4) })).toBe(eventAt(0, 4))
    // As `event-source-polyfill` sends it: added to a URL that may already have a cursor.
    expect(await firstOf(`?cursor=${at(2)}&lastEventId=${at(3)}`)).toBe(eventAt(0, 3))
    expect(await firstOf(`?lastEventId=${at(3)}`, { 'last-event-id': at(4) })).toBe(eventAt(0, 4))
    expect(await firstOf(`${everywhere}&lastEventId=`)).toBe(eventAt(0, 2))
    expect(await firstOf(everywhere)).toBe(eventAt(0, 2))
    expect(await firstOf(everywhere, { 'last-event-id': '' })).toBe(eventAt(0, 2))
    expect(await firstOf('?from=earliest')).toBe(eventAt(0, 0))
  })

  test.each([
    ['Last-Event-ID', '', { 'last-event-id': 'basura' }],
    ['cursor', '?cursor=basura', {}],
    ['empty cursor', '?cursor=', {}],
    ['lastEventId', '?lastEventId=basura', {}],
    [
      'Last-Event-ID, whatever the cursor is',
      `?cursor=${encodeCursor({ next: [0], logs: [''] })}`,
      { 'last-event-id': '7' },
    ],
  ])('from a malformed %s is rejected before anything is streamed', async (_, query, headers) => {
    const { get, errors } = setUp()
    const response = await get(`/notifications/stream${query}`, { headers })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ type: 'urn:problem-type:checkout:invalid-request' })
    expect(errors).toEqual([])
  })
})

describe('records that a filter skips', () => {
  const none = () => ({ kind: 'none' as const })

  test('cause a checkpoint after a thousand, so that they are not read again', async () => {
    const { readModel, openStream } = setUp()
    const stream = await openStream()
    await follow(readModel, 0, range(0, 600), none)
    await follow(readModel, 2, range(0, 400), none)
    const frame = await stream.next()
    expect(frame?.raw).toBe(`event: checkpoint\ndata: {}\nid: ${frame?.id}\n\n`)
    expect(frame && cursorOf(frame).next).toEqual([600, 0, 400])
    await stream.cancel()
  })

  test('cause no checkpoint before', async () => {
    const { readModel, openStream } = setUp()
    const stream = await openStream()
    await follow(readModel, 0, range(0, 999), none)
    const frame = stream.next()
    await follow(readModel, 1, [0])
    expect((await frame)?.event).toBe('notification')
    await stream.cancel()
  })

  test('are counted again after each frame', async () => {
    const { readModel, openStream } = setUp()
    const stream = await openStream()
    await follow(readModel, 0, range(0, 900), none)
    await follow(readModel, 0, [900])
    const [event] = await stream.events(1)
    expect(event && cursorOf(event).next).toEqual([901, 0, 0])
    await follow(readModel, 0, range(901, 1_800), none)
    const frame = stream.next()
    await follow(readModel, 0, [1_800])
    expect((await frame)?.event).toBe('notification')
    await stream.cancel()
  })
})

describe('what is missing', () => {
  const gaps = (frame: { data?: string } | undefined) => JSON.parse(frame?.data ?? '{}') as object

  test('comes first when the cursor is older than the log', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 10))
    await follow(readModel, 1, range(0, 10))
    readModel.cut(0, 8)
    const { opening, events, cancel } = await openStream('', {
      'last-event-id': encodeCursor({ next: [3, 9, 0], logs: [log, log, ''] }),
    })
    expect(opening.raw).toMatch(/^retry: \d+\nevent: gap\ndata: .+\nid: [\w-]+\n\n$/)
    expect(gaps(opening)).toEqual({ partitions: [{ partition: 0, from: 3, to: 8 }] })
    expect((await events(3)).map(eventIdOf).toSorted()).toEqual([eventAt(0, 8), eventAt(0, 9), eventAt(1, 9)])
    await cancel()
    const again = await openStream('', { 'last-event-id': opening.id ?? '' })
    expect((await again.events(1))[0]?.event).toBe('notification')
    await again.cancel()
  })

  test('comes first when the log was recreated', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 10))
    const { opening, cancel } = await openStream()
    await cancel()
    readModel.forget(0)
    await follow(readModel, 0, range(0, 3), () => ({ log: '-anew' }), 'bbbbbbbb')
    const stream = await openStream('', { 'last-event-id': opening.id ?? '' })
    expect(gaps(stream.opening)).toEqual({ partitions: [{ partition: 0, from: 10, to: 0 }] })
    expect((await stream.events(3)).map(eventIdOf)).toEqual(range(0, 3).map((o) => eventAt(0, o, '-anew')))
    await stream.cancel()
  })

  test('comes as soon as retention overtakes a reader', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 10))
    const stream = await openStream('?from=earliest')
    readModel.cut(0, 7)
    const gap = await stream.next()
    expect(gap?.event).toBe('gap')
    expect(gaps(gap)).toEqual({ partitions: [{ partition: 0, from: 0, to: 7 }] })
    expect((await stream.events(3)).map(eventIdOf)).toEqual([7, 8, 9].map((offset) => eventAt(0, offset)))
    await stream.cancel()
  })

  test('comes when the log is recreated during a stream, which then has all of the new log', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 10))
    const stream = await openStream()
    const next = stream.next()
    readModel.forget(0)
    await follow(readModel, 1, [0])
    expect((await next)?.event).toBe('notification')
    const waiting = stream.next()
    await follow(readModel, 2, [0], () => ({ kind: 'none' }))
    await follow(readModel, 0, range(0, 3), () => ({ log: '-anew' }), 'bbbbbbbb')
    expect(gaps(await waiting)).toEqual({ partitions: [{ partition: 0, from: 10, to: 0 }] })
    expect((await stream.events(3)).map(eventIdOf)).toEqual(range(0, 3).map((o) => eventAt(0, o, '-anew')))
    await stream.cancel()
  })

  test('is also reported to a client that was cut while the new log was empty', async () => {
    const { readModel, openStream } = setUp()
    await follow(readModel, 0, range(0, 10))
    const before = await openStream()
    readModel.forget(0)
    await follow(readModel, 1, [0])
    const [event] = await before.events(1)
    await before.cancel()
    await follow(readModel, 0, range(0, 20), () => ({ log: '-anew' }), 'bbbbbbbb')
    const stream = await openStream('', { 'last-event-id': event?.id ?? '' })
    expect(gaps(stream.opening)).toEqual({ partitions: [{ partition: 0, from: 10, to: 0 }] })
    await stream.cancel()
  })
})
