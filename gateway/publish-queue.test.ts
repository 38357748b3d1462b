import { describe, expect, test, vi } from 'vitest'
import { ProblemError } from '../backbone/problem.ts'
import { createPublishQueue } from './publish-queue.ts'

const overloaded = expect.objectContaining({ code: 'overloaded' })
const unavailable = expect.objectContaining({ code: 'kafka-unavailable' })
const LONG = 60_000

const queueOf = (maxRecords: number, maxBytes: number, timeoutMs = LONG) =>
  createPublishQueue<string, string>({ maxRecords, maxBytes, timeoutMs })

test('takes as many as it is told to, and not one more until one has left', async () => {
  const queue = queueOf(2, 1_000)
  const answers = [queue.add('a', 1, 'browse'), queue.add('b', 1, 'browse')]
  expect(() => queue.add('c', 1, 'browse')).toThrow(overloaded)
  const [first] = queue.take(1, 1_000)
  answers.push(queue.add('c', 1, 'browse'))
  expect(() => queue.add('d', 1, 'browse')).toThrow(overloaded)
  for (const entry of [first, ...queue.take(10, 1_000)]) entry?.settle(`${entry.item} is stored`)
  expect(await Promise.all(answers)).toEqual(['a is stored', 'b is stored', 'c is stored'])
  expect(queue.isEmpty()).toBe(true)
})

test('takes as many bytes as it is told to, and not one more until some have left', () => {
  const queue = queueOf(10, 100)
  void queue.add('a', 60, 'browse')
  void queue.add('b', 40, 'browse')
  expect(() => queue.add('c', 1, 'browse')).toThrow(overloaded)
  queue.take(1, 1_000)
  void queue.add('c', 60, 'browse')
  expect(() => queue.add('d', 1, 'browse')).toThrow(overloaded)
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
    void queue.add(item, bytes, 'browse')
  }
  const items = (records: number, bytes: number) => queue.take(records, bytes).map(({ item }) => item)
  expect(items(10, 100)).toEqual(['a'])
  expect(items(10, 29)).toEqual(['b', 'c'])
  expect(items(1, 100)).toEqual(['d'])
  expect(items(10, 10)).toEqual(['e'])
  expect(items(10, 10)).toEqual([])
})

test('nobody waits longer than the timeout: who still waits leaves, who is on the way is answered', async () => {
  const queue = queueOf(10, 100, 20)
  const onTheWay = queue.add('a', 10, 'browse')
  const [entry] = queue.take(1, 100)
  const stillWaiting = queue.add('b', 90, 'browse')
  expect(queue.longestWaitMs()).toBeLessThan(20)
  await expect(onTheWay).rejects.toThrow(unavailable)
  await expect(stillWaiting).rejects.toThrow(unavailable)
  expect(queue.isEmpty()).toBe(true)
  expect(queue.longestWaitMs()).toBe(0)
  expect(() => entry?.settle('too late')).not.toThrow()
  const next = queue.add('c', 100, 'browse')
  queue.take(1, 100)[0]?.settle(new ProblemError('kafka-unavailable'))
  await expect(next).rejects.toThrow(unavailable)
})

test('is settled when everyone has been answered', async () => {
  const queue = queueOf(10, 100)
  const answers = [queue.add('a', 1, 'browse'), queue.add('b', 1, 'browse')]
  const [first, second] = queue.take(10, 100)
  const settled = vi.fn()
  const end = queue.settled().then(settled)
  first?.settle('stored')
  await answers[0]
  expect(settled).not.toHaveBeenCalled()
  second?.settle(new ProblemError('kafka-unavailable'))
  await expect(answers[1]).rejects.toThrow(unavailable)
  await end
})

describe('lanes', () => {
  const items = (queue: ReturnType<typeof queueOf>) => queue.take(10, 1_000).map(({ item }) => item)

  test('buyers go first, each lane in order', () => {
    const queue = queueOf(10, 1_000)
    for (const item of ['look-1', 'look-2']) void queue.add(item, 1, 'browse')
    for (const item of ['buy-1', 'buy-2']) void queue.add(item, 1, 'purchase')
    expect(items(queue)).toEqual(['buy-1', 'buy-2', 'look-1', 'look-2'])
  })

  test('when it is full a buyer takes the place of the browser who has waited longest, who is told so', async () => {
    const queue = queueOf(2, 1_000)
    const displaced = queue.add('look-1', 1, 'browse')
    void queue.add('look-2', 1, 'browse')
    void queue.add('buy', 1, 'purchase')
    await expect(displaced).rejects.toThrow(overloaded)
    expect(items(queue)).toEqual(['buy', 'look-2'])
  })

  test('a large one takes as many places as it needs, and no more', async () => {
    const queue = queueOf(10, 100)
    const displaced = [queue.add('look-1', 30, 'browse'), queue.add('look-2', 30, 'browse')]
    void queue.add('look-3', 30, 'browse')
    void queue.add('buy', 70, 'purchase')
    for (const answer of displaced) await expect(answer).rejects.toThrow(overloaded)
    expect(items(queue)).toEqual(['buy', 'look-3'])
  })

  test("a browser takes nobody's place, and a buyer no buyer's", () => {
    const queue = queueOf(2, 100)
    void queue.add('buy-1', 1, 'purchase')
    void queue.add('look', 1, 'browse').catch(() => undefined)
    expect(() => queue.add('look-2', 1, 'browse')).toThrow(overloaded)
    void queue.add('buy-2', 1, 'purchase')
    expect(() => queue.add('buy-3', 1, 'purchase')).toThrow(overloaded)
    expect(items(queue)).toEqual(['buy-1', 'buy-2'])
  })

  test('nobody is displaced for a buyer who would not fit all the same', () => {
    const queue = queueOf(10, 100)
    void queue.add('look', 50, 'browse')
    expect(() => queue.add('buy', 101, 'purchase')).toThrow(overloaded)
    expect(items(queue)).toEqual(['look'])
  })
})
