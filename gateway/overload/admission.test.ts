import { describe, expect, test } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import { type Criticality, createAdmission } from './admission.ts'

const overloaded = expect.objectContaining({ code: 'overloaded' })

function start({ most = 100, isOverloaded = false } = {}) {
  let ms = 0
  const admission = createAdmission({
    most,
    requestRecords: 1_000,
    isOverloaded: () => isOverloaded,
    now: () => ms,
  })
  return {
    ...admission,
    pass: (milliseconds: number) => {
      ms += milliseconds
    },
    /** How many of these requests are admitted. */
    enterAll(criticality: Criticality, count: number) {
      const places: (() => void)[] = []
      for (let n = 0; n < count; n++) {
        try {
          places.push(admission.enter(criticality))
        } catch (error) {
          expect(error).toEqual(overloaded)
        }
      }
      return places
    },
  }
}

test('below the limit every request is admitted', () => {
  for (const criticality of ['browse', 'read', 'page'] as const) {
    expect(start().enterAll(criticality, 150)).toHaveLength(100)
  }
})

test('purchases are always admitted', () => {
  const { enterAll } = start({ isOverloaded: true })
  enterAll('browse', 200)
  expect(enterAll('purchase', 500)).toHaveLength(500)
})

test('each criticality keeps its share when others fill the limit', () => {
  const { enterAll } = start()
  enterAll('purchase', 100)
  expect(enterAll('browse', 50)).toHaveLength(10)
  expect(enterAll('read', 50)).toHaveLength(10)
  expect(enterAll('page', 50)).toHaveLength(2)
})

test('a request that ends makes room for another', () => {
  const { enterAll, check, load } = start()
  const places = enterAll('browse', 100)
  expect(() => check('browse')).toThrow(overloaded)
  places.pop()?.()
  expect(() => check('browse')).not.toThrow()
  expect(enterAll('browse', 2)).toHaveLength(1)
  expect(load()).toEqual({ inFlight: 100, limit: 100 })
})

describe('when the event loop is overloaded', () => {
  test('purchases come first, and others have a small limit', () => {
    const { enterAll, load } = start({ isOverloaded: true })
    enterAll('purchase', 60)
    expect(enterAll('browse', 50)).toHaveLength(7)
    expect(load()).toEqual({ inFlight: 67, limit: 64 })
    expect(enterAll('read', 50)).toHaveLength(7)
    expect(enterAll('page', 50)).toHaveLength(2)
    expect(enterAll('purchase', 500)).toHaveLength(500)
  })

  test('the limit is normal again when no purchase came for a second', () => {
    const { enterAll, pass } = start({ isOverloaded: true })
    for (const leave of enterAll('purchase', 60)) leave()
    pass(999)
    expect(enterAll('browse', 200)).toHaveLength(64)
    pass(1)
    expect(enterAll('browse', 200)).toHaveLength(36)
  })

  test('a lower limit still applies', () => {
    const { enterAll } = start({ most: 50, isOverloaded: true })
    enterAll('purchase', 1)
    expect(enterAll('browse', 200)).toHaveLength(49)
  })
})

describe('the limit', () => {
  function startPublishing() {
    const { enterAll, publish, pass, load } = start({ most: 2_000 })
    return {
      limit: () => load().limit,
      /** Windows with that many admitted requests, of which `failing` fail. */
      async publishFor(milliseconds: number, windows: number, { failing = 0 } = {}) {
        for (let n = 0; n < windows; n++) {
          const kafka = Promise.withResolvers<void>()
          const publishOne = async (i: number) => {
            await kafka.promise
            if (i >= 600 - failing) throw new ProblemError('kafka-unavailable')
          }
          const answers = Array.from({ length: 600 }, (_, i) => publish('purchase', () => publishOne(i)))
          pass(milliseconds)
          kafka.resolve()
          await Promise.allSettled(answers)
          pass(100)
        }
      },
      readFor(milliseconds: number, windows: number) {
        for (let n = 0; n < windows; n++) {
          const places = enterAll('read', 600)
          pass(milliseconds)
          for (const leave of places) leave()
          pass(100)
        }
      },
    }
  }

  test('follows only the publish latency', async () => {
    const { publishFor, readFor, limit } = startPublishing()
    await publishFor(5, 20)
    const calm = limit()
    readFor(1_000, 10)
    expect(limit()).toBe(calm)
    await publishFor(1_000, 10)
    expect(limit()).toBeLessThan(calm * 0.7)
  })

  test('never falls below half of what one request to Kafka takes', async () => {
    const { publishFor, limit } = startPublishing()
    await publishFor(5, 20)
    await publishFor(1_000, 9)
    expect(limit()).toBe(500)
  })

  test('stays while Kafka stores nothing: requests then do not wait for each other', async () => {
    const { publishFor, limit } = startPublishing()
    await publishFor(5, 20)
    const calm = limit()
    await publishFor(5_000, 20, { failing: 600 })
    expect(limit()).toBe(calm)
  })

  test('falls when some fail while others are stored', async () => {
    const { publishFor, limit } = startPublishing()
    await publishFor(5, 20)
    const calm = limit()
    await publishFor(5_000, 10, { failing: 500 })
    expect(limit()).toBeLessThan(calm * 0.7)
  })
})
