import { describe, expect, test, vi } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { type Arrival, createPublishQueue } from './publish-queue.ts'

const overloaded = expect.objectContaining({ code: 'overloaded' })
const unavailable = expect.objectContaining({ code: 'kafka-unavailable' })
// Longer than a test run: an entry that still waits when its test ends is not rejected during another test.
const LONG = 3_600_000

const queueOf = (maxRecords: number, maxBytes: number, timeoutMs = LONG) =>
  createPublishQueue<string, string>({ maxRecords, maxBytes, timeoutMs })

let arrivals = 0
const arrival = (lane: Lane, bytes: number, since = arrivals++): Arrival => ({
  lane,
  bytes,
  since,
  isDisconnected: () => false,
})
const browse = (bytes: number) => arrival('browse', bytes)
const purchase = (bytes: number, since?: number) => arrival('purchase', bytes, since)

test('holds as many as its limit, and not one more until one was taken', async () => {
  const queue = queueOf(2, 1_000)
  const answers = [queue.add('a', browse(1)), queue.add('b', browse(1))]
  expect(() => queue.add('c', browse(1))).toThrow(overloaded)
  const [first] = queue.take(1, 1_000)
  answers.push(queue.add('c', browse(1)))
  expect(() => queue.add('d', browse(1))).toThrow(overloaded)
  for (const entry of [first, ...queue.take(10, 1_000)]) entry?.settle(`${entry.item} is stored`)
  expect(await Promise.all(answers)).toEqual(['a is stored', 'b is stored', 'c is stored'])
  expect(queue.size()).toBe(0)
})

test('holds as many bytes as its limit, and not one more until some were taken', () => {
  const queue = queueOf(10, 100)
  void queue.add('a', purchase(60))
  void queue.add('b', purchase(40))
  expect(() => queue.add('c', purchase(1))).toThrow(overloaded)
  queue.take(1, 1_000)
  void queue.add('c', purchase(60))
  expect(() => queue.add('d', purchase(1))).toThrow(overloaded)
})

test('hands out in order, by number and by bytes, but at least one', () => {
  const queue = queueOf(10, 1_000)
  for (const [item, bytes] of [
    ['a', 500],
    ['b', 10],
    ['c', 10],
    ['d', 10],
    ['e', 10],
  ] as const) {
    void queue.add(item, purchase(bytes))
  }
  const items = (records: number, bytes: number) => queue.take(records, bytes).map(({ item }) => item)
  expect(items(10, 100)).toEqual(['a'])
  expect(items(10, 29)).toEqual(['b', 'c'])
  expect(items(1, 100)).toEqual(['d'])
  expect(items(10, 10)).toEqual(['e'])
  expect(items(10, 10)).toEqual([])
})

test('nothing waits longer than the timeout: a waiting entry is removed, a sent one is answered', async () => {
  const queue = queueOf(10, 100, 20)
  const onTheWay = queue.add('a', browse(10))
  const [entry] = queue.take(1, 100)
  const stillWaiting = queue.add('b', browse(90))
  expect(queue.longestWaitMs()).toBeLessThan(20)
  await expect(onTheWay).rejects.toThrow(unavailable)
  await expect(stillWaiting).rejects.toThrow(unavailable)
  expect(queue.size()).toBe(0)
  expect(queue.longestWaitMs()).toBe(0)
  expect(() => entry?.settle('too late')).not.toThrow()
  const next = queue.add('c', browse(100))
  queue.take(1, 100)[0]?.settle(new ProblemError('kafka-unavailable'))
  await expect(next).rejects.toThrow(unavailable)
})

test('is settled when all have been answered', async () => {
  const queue = queueOf(10, 100)
  const answers = [queue.add('a', browse(1)), queue.add('b', browse(1))]
  const [first, second] = queue.take(10, 100)
  const settled = vi.fn()
  const ends = [queue.settled().then(settled), queue.settled()]
  first?.settle('stored')
  await answers[0]
  expect(settled).not.toHaveBeenCalled()
  second?.settle(new ProblemError('kafka-unavailable'))
  await expect(answers[1]).rejects.toThrow(unavailable)
  await Promise.all([...ends, queue.settled()])
})

test('a leader gets from the common queue what it would get from a queue of its own', () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
  console.log(`publish-queue.test.ts: TEST_SEED=${seed}`)
  const random = createSeededRandom()
  random.seed(seed)
  const below = (limit: number) => Math.floor(random.next() * limit)
  const settled = (entries: ReturnType<typeof common.take>) =>
    entries.map(({ item, settle }) => {
      settle('stored')
      return item
    })
  const LEADERS = 3
  const common = queueOf(10_000, 1_000_000)
  const own = Array.from({ length: LEADERS }, () => queueOf(10_000, 1_000_000))
  for (let round = 0; round < 300; round++) {
    for (let added = below(40); added > 0; added--) {
      const leader = below(LEADERS)
      const item = `${leader} ${round} ${added}`
      const entry = arrival(below(2) === 0 ? 'purchase' : 'browse', 1 + below(100), below(50))
      void common.add(item, entry)
      void own[leader]?.add(item, entry)
    }
    const leader = below(LEADERS)
    const [records, bytes] = [1 + below(30), below(2_000)]
    const isOwn = ({ item }: { item: string }) => item.startsWith(`${leader} `)
    const taken = settled(common.take(records, bytes, isOwn))
    expect(taken).toEqual(settled(own[leader]?.take(records, bytes) ?? []))
    expect(common.size()).toBe(own.reduce((sum, queue) => sum + queue.size(), 0))
  }
  for (const queue of [common, ...own]) settled(queue.take(10_000, 1_000_000))
})

describe('lanes', () => {
  const items = (queue: ReturnType<typeof queueOf>) => queue.take(10, 1_000).map(({ item }) => item)

  test('purchases go first, each lane in order', () => {
    const queue = queueOf(10, 1_000)
    for (const item of ['look-1', 'look-2']) void queue.add(item, browse(1))
    for (const item of ['buy-1', 'buy-2']) void queue.add(item, purchase(1))
    expect(items(queue)).toEqual(['buy-1', 'buy-2', 'look-1', 'look-2'])
  })

  test('when it is full, a purchase displaces the visit that has waited longest, which is rejected as overloaded', async () => {
    const queue = queueOf(2, 1_000)
    const displaced = queue.add('look-1', browse(1))
    void queue.add('look-2', browse(1))
    void queue.add('buy', purchase(1))
    await expect(displaced).rejects.toThrow(overloaded)
    await expect(displaced).rejects.toHaveProperty('extras', { givesWay: true })
    expect(items(queue)).toEqual(['buy', 'look-2'])
  })

  test('a large purchase displaces as many as it needs, and no more', async () => {
    const queue = queueOf(10, 100)
    const displaced = [queue.add('look-1', browse(30)), queue.add('look-2', browse(30))]
    void queue.add('look-3', browse(30))
    void queue.add('buy', purchase(70))
    for (const answer of displaced) await expect(answer).rejects.toThrow(overloaded)
    expect(items(queue)).toEqual(['buy', 'look-3'])
  })

  test('newest first when more visits wait than one request takes', () => {
    const queue = queueOf(10, 1_000)
    for (const item of ['look-1', 'look-2', 'look-3', 'look-4']) void queue.add(item, browse(1))
    void queue.add('buy', purchase(1))
    const taken = (records: number) => queue.take(records, 1_000).map(({ item }) => item)
    expect(taken(3)).toEqual(['buy', 'look-4', 'look-3'])
    expect(taken(3)).toEqual(['look-1', 'look-2'])
  })

  test('no entry of a disconnected client is sent, and the others are sent instead', async () => {
    const queue = queueOf(10, 1_000)
    const left = ['a', 'b'].map((item) => queue.add(item, { ...purchase(1), isDisconnected: () => true }))
    expect(queue.take(2, 1_000)).toEqual([])
    for (const answer of left) await expect(answer).rejects.toThrow(overloaded)
    left.push(queue.add('c', { ...purchase(1), isDisconnected: () => true }))
    void queue.add('d', purchase(1))
    expect(queue.take(1, 1_000).map(({ item }) => item)).toEqual(['d'])
    await expect(left[2]).rejects.toThrow(overloaded)
  })

  test('purchases whose clients have been trying longest go first', () => {
    const queue = queueOf(10, 1_000)
    for (const since of [30, 10, 20, 10, 40]) void queue.add(`since ${since}`, purchase(1, since))
    expect(items(queue)).toEqual(['since 10', 'since 10', 'since 20', 'since 30', 'since 40'])
  })

  test('when it is full of purchases, one that began earlier displaces the last, and no earlier one', async () => {
    const queue = queueOf(2, 1_000)
    void queue.add('since 10', purchase(1, 10))
    const displaced = queue.add('since 30', purchase(1, 30))
    expect(() => queue.add('since 30 too', purchase(1, 30))).toThrow(
      expect.objectContaining({ code: 'overloaded', extras: {} }),
    )
    expect(() => queue.checkRoom(30)).toThrow(overloaded)
    expect(() => queue.checkRoom(29)).not.toThrow()
    void queue.add('since 20', purchase(1, 20))
    await expect(displaced).rejects.toThrow(overloaded)
    expect(() => queue.add('since 25', purchase(1, 25))).toThrow(overloaded)
    expect(items(queue)).toEqual(['since 10', 'since 20'])
  })

  test('a visit displaces nothing, and a purchase no purchase that began as early', () => {
    const queue = queueOf(2, 100)
    void queue.add('buy-1', purchase(1))
    void queue.add('look', browse(1)).catch(() => undefined)
    expect(() => queue.add('look-2', browse(1))).toThrow(
      expect.objectContaining({ extras: { givesWay: true } }),
    )
    void queue.add('buy-2', purchase(1))
    expect(() => queue.add('buy-3', purchase(1))).toThrow(overloaded)
    expect(items(queue)).toEqual(['buy-1', 'buy-2'])
  })

  test('nothing is displaced for a purchase that would not fit anyway', () => {
    const queue = queueOf(10, 100)
    void queue.add('look', browse(50))
    expect(() => queue.add('buy', purchase(101))).toThrow(overloaded)
    expect(items(queue)).toEqual(['look'])
  })
})
