import { expect, test, vi } from 'vitest'
import { ProblemError } from '../backbone/problem.ts'
import { createPublishQueue } from './publish-queue.ts'

const overloaded = expect.objectContaining({ code: 'overloaded' })
const unavailable = expect.objectContaining({ code: 'kafka-unavailable' })
const LONG = 60_000

const queueOf = (maxRecords: number, maxBytes: number, timeoutMs = LONG) =>
  createPublishQueue<string, string>({ maxRecords, maxBytes, timeoutMs })

test('takes as many as it is told to, and not one more until one has left', async () => {
  const queue = queueOf(2, 1_000)
  const answers = [queue.add('a', 1), queue.add('b', 1)]
  expect(() => queue.add('c', 1)).toThrow(overloaded)
  const [first] = queue.take(1, 1_000)
  answers.push(queue.add('c', 1))
  expect(() => queue.add('d', 1)).toThrow(overloaded)
  for (const entry of [first, ...queue.take(10, 1_000)]) entry?.settle(`${entry.item} is stored`)
  expect(await Promise.all(answers)).toEqual(['a is stored', 'b is stored', 'c is stored'])
  expect(queue.isEmpty()).toBe(true)
})

test('takes as many bytes as it is told to, and not one more until some have left', () => {
  const queue = queueOf(10, 100)
  void queue.add('a', 60)
  void queue.add('b', 40)
  expect(() => queue.add('c', 1)).toThrow(overloaded)
  queue.take(1, 1_000)
  void queue.add('c', 60)
  expect(() => queue.add('d', 1)).toThrow(overloaded)
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
    void queue.add(item, bytes)
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
  const onTheWay = queue.add('a', 10)
  const [entry] = queue.take(1, 100)
  const stillWaiting = queue.add('b', 90)
  expect(queue.longestWaitMs()).toBeLessThan(20)
  await expect(onTheWay).rejects.toThrow(unavailable)
  await expect(stillWaiting).rejects.toThrow(unavailable)
  expect(queue.isEmpty()).toBe(true)
  expect(queue.longestWaitMs()).toBe(0)
  expect(() => entry?.settle('too late')).not.toThrow()
  const next = queue.add('c', 100)
  queue.take(1, 100)[0]?.settle(new ProblemError('kafka-unavailable'))
  await expect(next).rejects.toThrow(unavailable)
})

test('is settled when everyone has been answered', async () => {
  const queue = queueOf(10, 100)
  const answers = [queue.add('a', 1), queue.add('b', 1)]
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
