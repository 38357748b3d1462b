import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { createTestApp } from '../testing/apps.ts'
import { cursorOf } from '../testing/frames.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'

const readModels = createTestReadModels()

function setUp(readModel = readModels.open()) {
  return { readModel, ...createTestApp(readModel) }
}

afterEach(() => vi.useRealTimers())

describe('the end', () => {
  const timers = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })

  test('leaves no listener when the reader cancels, waiting or not', async () => {
    const { openStream, stream } = setUp()
    timers()
    const [unread, idle, waiting] = [await stream(), await openStream(), await openStream()]
    const frame = waiting.next()
    await Promise.all([unread.cancel(), idle.cancel(), waiting.cancel()])
    expect(await frame).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('comes when the client disconnects', async () => {
    const { get } = setUp()
    timers()
    const disconnected = new AbortController()
    const reader = (await get('/notifications/stream', { signal: disconnected.signal })).body?.getReader()
    await reader?.read()
    const waiting = reader?.read()
    disconnected.abort()
    await waiting
    expect((await reader?.read())?.done).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a stream that is never read leaves no listener', async () => {
    const { get, draining } = setUp()
    timers()
    const added = vi.spyOn(draining.signal, 'addEventListener')
    for (let i = 0; i < 10; i++) {
      const response = await get('/notifications/stream', { method: 'HEAD' })
      expect([response.status, response.body]).toEqual([200, null])
    }
    expect(vi.getTimerCount()).toBe(0)
    expect(added).not.toHaveBeenCalled()
  })

  test('comes for all streams while draining, one after another, with a position to resume from', async () => {
    const { readModel, openStream, draining } = setUp()
    await follow(readModel, 0, range(0, 5))
    const streams = await Promise.all(range(0, 20).map(() => openStream()))
    timers()
    const ends: number[] = []
    const started = performance.now()
    const all = streams.map(async ({ next }) => {
      const last = await next()
      expect(await next()).toBeUndefined()
      ends.push(performance.now() - started)
      expect(Number(last?.retry)).toBeLessThanOrEqual(250)
      return last && cursorOf(last).next
    })
    draining.abort()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await Promise.all(all)).toEqual(streams.map(() => [5, 0, 0]))
    expect(new Set(ends).size).toBeGreaterThan(10)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('comes soon when all members stop', async () => {
    const { openStream, draining } = setUp()
    const streams = await Promise.all(range(0, 20).map(() => openStream()))
    timers()
    const ends = streams.map(async ({ next }) => [await next(), await next()].at(-1))
    draining.abort('SIGINT')
    await vi.advanceTimersByTimeAsync(100)
    expect(await Promise.all(ends)).toEqual(streams.map(() => undefined))
  })

  test('also comes for a stream that is first read during the drain', async () => {
    const { stream, draining } = setUp()
    timers()
    const { next } = await stream()
    draining.abort()
    expect((await next())?.retry).toBeDefined()
    const [last] = await Promise.all([next(), vi.advanceTimersByTimeAsync(2_000)])
    expect(last?.raw).toMatch(/^retry: \d+\nevent: checkpoint\ndata: {}\nid: [\w-]+\n\n$/)
    expect(await next()).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a draining member accepts no new streams, so that the next member gets them', async () => {
    const { get, draining } = setUp()
    draining.abort()
    const response = await get('/notifications/stream')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ type: 'urn:problem-type:checkout:draining' })
  })

  test('comes at the maximum age, jittered', async () => {
    const { openStream } = setUp()
    timers()
    const minute = 60_000
    const started = performance.now()
    const ages = range(0, 10).map(async () => {
      const { next } = await openStream()
      while ((await next()) !== undefined);
      return (performance.now() - started) / minute
    })
    await vi.advanceTimersByTimeAsync(20 * minute)
    const ended = await Promise.all(ages)
    expect(Math.min(...ended)).toBeGreaterThanOrEqual(12)
    expect(Math.max(...ended)).toBeLessThanOrEqual(18)
    expect(new Set(ended).size).toBeGreaterThan(5)
  })

  test('is an error when the read model fails, and leaves no listener', async () => {
    const readModel = readModels.open()
    const broken = vi.fn(() => {
      throw new Error('disk')
    })
    const { openStream } = createTestApp({ ...readModel, after: broken })
    timers()
    const { next } = await openStream()
    await expect(next()).rejects.toThrow('disk')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('every 15 s', () => {
  test.each([
    ['when nothing happens', () => Promise.resolve()],
    [
      'when the filter passes over what happens',
      (readModel: ReadModel) => follow(readModel, 0, [readModel.partition(0).next], () => ({ kind: 'none' })),
    ],
  ])('the stream sends its position, %s', async (_, happen) => {
    const { readModel, openStream } = setUp()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { next, cancel } = await openStream()
    for (let beat = 0; beat < 3; beat++) {
      const frame = next()
      let sent: string | undefined
      void frame.then((came) => (sent = came?.raw))
      for (let second = 1; second <= 15; second++) {
        expect(sent, `after ${second - 1} s`).toBeUndefined()
        await happen(readModel)
        await vi.advanceTimersByTimeAsync(1_000)
      }
      expect(sent).toMatch(/^event: checkpoint\ndata: {}\nid: [\w-]+\n\n$/)
      const came = await frame
      expect(came && cursorOf(came).next).toEqual([readModel.partition(0).next, 0, 0])
    }
    await cancel()
  })
})
