import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { createTestApp } from './test-apps.ts'
import { eventIdOf } from './test-frames.ts'
import { eventAt } from './test-records.ts'
import { createTestViews, follow, range } from './test-views.ts'

const views = createTestViews()

describe('the reader sets the pace', () => {
  function counting() {
    const view = views.open()
    const after = vi.fn(view.after)
    const app = createTestApp({ ...view, after })
    return { view, app, reads: () => after.mock.calls.length }
  }

  test('nothing is read for one who does not', async () => {
    const { view, app, reads } = counting()
    const unread = await app.stream('?from=earliest')
    const opened = await app.openStream('?from=earliest')
    for (const from of range(0, 20)) {
      await follow(view, 0, range(from * 100, from * 100 + 100))
      await setImmediate()
    }
    expect(reads()).toBe(0)
    await opened.next()
    await setImmediate()
    expect(reads()).toBe(1)
    await Promise.all([unread.cancel(), opened.cancel()])
  })

  test('a chunk is read when the one before it was taken', async () => {
    const { view, app, reads } = counting()
    await follow(view, 0, range(0, 1_000))
    const response = await app.get('/notifications/stream?from=earliest')
    const reader = response.body?.getReader()
    const sizes: number[] = []
    for (let chunk = 0; chunk < 5; chunk++) {
      const { value } = (await reader?.read()) ?? {}
      sizes.push(
        Buffer.from(value ?? [])
          .toString()
          .split('event: notification').length - 1,
      )
      await setImmediate()
      expect(reads()).toBe(chunk)
    }
    expect(sizes).toEqual([0, 100, 100, 100, 100])
    await reader?.cancel()
  })
})

/** Counts turns of the event loop until it is told to stop. */
function countTurns() {
  let turns = 0
  const stopped = new AbortController()
  const count = async () => {
    for (; !stopped.signal.aborted; turns++) await setImmediate()
  }
  const counted = count()
  return {
    turns: () => turns,
    stop: async () => {
      stopped.abort()
      await counted
    },
  }
}

/** Readers of all there is, each past the opening frame. */
async function openReaders(app: ReturnType<typeof createTestApp>, count: number) {
  const open = async () => {
    const reader = (await app.get('/notifications/stream?from=earliest')).body?.getReader()
    if (!reader) throw new Error('there is no stream')
    await reader.read()
    return reader
  }
  return Promise.all(Array.from({ length: count }, open))
}

describe('what has long been there is read in turns', () => {
  test('however many read what has long been there, and however fast, all else has its turn after each chunk', async () => {
    const view = views.open()
    await follow(view, 0, range(0, 3_000))
    const readers = await openReaders(createTestApp(view), 5)
    const clock = countTurns()
    await Promise.all(
      readers.map(async (reader) => {
        for (let chunk = 0; chunk < 8; chunk++) await reader.read()
      }),
    )
    expect(clock.turns()).toBeGreaterThanOrEqual(5 * 8 - 1)
    await clock.stop()
    await Promise.all(readers.map((reader) => reader.cancel()))
  })

  test('who is up to date does not wait for them', async () => {
    const view = views.open()
    await follow(view, 0, range(0, 3_000))
    const app = createTestApp(view)
    const live = await app.openStream()
    const readers = await openReaders(app, 50)
    const clock = countTurns()
    const reading = readers.map((reader) => reader.read())
    await follow(view, 0, [3_000])
    const [event] = await live.events(1)
    expect(event && eventIdOf(event)).toBe(eventAt(0, 3_000))
    expect(clock.turns()).toBeLessThan(10)
    await Promise.all(reading)
    expect(clock.turns()).toBeGreaterThanOrEqual(49)
    await clock.stop()
    await Promise.all([live, ...readers].map((reader) => reader.cancel()))
  })
})
