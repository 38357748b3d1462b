import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createTestApp } from '../testing/apps.ts'
import { eventIdOf } from '../testing/frames.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt } from '../testing/records.ts'
import { createFairScheduler } from './fair-scheduler.ts'

const readModels = createTestReadModels()

test('each turn of the event loop resolves one waiter, in order', async () => {
  const schedule = createFairScheduler()
  const had: string[] = []
  const work = async (name: string, pieces: number) => {
    for (let i = 0; i < pieces; i++) {
      await schedule()
      had.push(name)
    }
  }
  const working = Promise.all([work('a', 3), work('b', 2), work('c', 1)])
  const after: string[] = []
  for (let i = 0; i < 6; i++) {
    await setImmediate()
    after.push(had.join(''))
  }
  await working
  expect(after).toEqual(['a', 'ab', 'abc', 'abca', 'abcab', 'abcaba'])
})

test('a waiter is also resolved after the queue was empty', async () => {
  const schedule = createFairScheduler()
  await schedule()
  await setImmediate()
  await schedule()
  await Promise.all([schedule(), schedule()])
})

/** Counts turns of the event loop until it is stopped. */
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

/** Readers of all outcomes, each after its first frame. */
async function openReaders(app: ReturnType<typeof createTestApp>, count: number) {
  const open = async () => {
    const reader = (await app.get('/notifications/stream?from=earliest')).body?.getReader()
    if (!reader) throw new Error('there is no stream')
    await reader.read()
    return reader
  }
  return Promise.all(Array.from({ length: count }, open))
}

describe('of readers', () => {
  test('other work runs after each chunk, however many streams read existing outcomes', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 3_000))
    const readers = await openReaders(createTestApp(readModel), 5)
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

  test('a stream that is up to date does not wait for them', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 3_000))
    const app = createTestApp(readModel)
    const live = await app.openStream()
    const readers = await openReaders(app, 50)
    const clock = countTurns()
    const reading = readers.map((reader) => reader.read())
    await follow(readModel, 0, [3_000])
    const [event] = await live.events(1)
    expect(event && eventIdOf(event)).toBe(eventAt(0, 3_000))
    expect(clock.turns()).toBeLessThan(10)
    await Promise.all(reading)
    expect(clock.turns()).toBeGreaterThanOrEqual(49)
    await clock.stop()
    await Promise.all([live, ...readers].map((reader) => reader.cancel()))
  })

  test('other work runs after each page', async () => {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 3_000))
    const app = createTestApp(readModel)
    const clock = countTurns()
    const pages = await Promise.all(range(0, 20).map(() => app.page('?limit=10')))
    expect(pages.map(({ items }) => items.length)).toEqual(Array(20).fill(10))
    expect(clock.turns()).toBeGreaterThanOrEqual(19)
    await clock.stop()
  })
})
