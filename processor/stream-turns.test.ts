import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTestApp } from './test-apps.ts'
import { eventIdOf } from './test-frames.ts'
import { eventAt } from './test-records.ts'
import { createTestViews, follow, range } from './test-views.ts'

const views = createTestViews()

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
