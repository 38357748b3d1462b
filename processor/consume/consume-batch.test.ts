import type { Consumer, EachBatchPayload } from 'kafkajs'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { range } from '../testing/read-models.ts'
import { dataRecord } from '../testing/records.ts'
import { createBatchConsumer, restAfter } from './consume-batch.ts'
import type { Ownership } from './ownership.ts'

const PARTITION = 0

/** An owner that has decided on all before `next`, and is given batches of a log that ends at 100. */
function setUp({ next = 0 } = {}) {
  const commit = vi.fn(async (messages: { offset: string }[]) => {
    next = Number(messages.at(-1)?.offset) + 1
  })
  const committer = { next: () => next, commit } as unknown as NonNullable<Ownership['committer']>
  const ownership: Ownership = { released: new AbortController(), position: next, committer }
  const seek = vi.fn()
  const handle = createBatchConsumer({
    topic: 'DataTopic',
    owned: new Map([[PARTITION, ownership]]),
    lanes: { observe: () => undefined, mustWait: () => false, wait: () => undefined },
    handOver: () => undefined,
    reclaim: () => undefined,
    committed: () => undefined,
    log: pino({ level: 'silent' }),
  })({ seek } as unknown as Consumer)
  const fetched = (from: number, to: number) => {
    const messages = range(from, to).map((offset) => dataRecord(offset, '{}'))
    return handle({
      batch: {
        partition: PARTITION,
        messages,
        highWatermark: '100',
        firstOffset: () => String(from),
      },
      isRunning: () => true,
      isStale: () => false,
      heartbeat: async () => undefined,
      resolveOffset: () => undefined,
    } as unknown as EachBatchPayload)
  }
  return { fetched, commit, seek, ownership }
}

test('decides on what is new in a batch, and on nothing twice', async () => {
  const { fetched, commit, ownership } = setUp({ next: 5 })
  ownership.position = 0
  await fetched(0, 10)
  expect(commit.mock.calls.map(([messages]) => messages.map(({ offset }) => Number(offset)))).toEqual([
    [5, 6, 7, 8, 9],
  ])
  expect(ownership.position).toBe(10)
})

// kafkajs joins its group again while a transaction is in hand, and reads on from where that began.
test('of a batch that is all decided on it reads on where that ends, not from the same place for ever', async () => {
  const { fetched, commit, seek, ownership } = setUp({ next: 40 })
  ownership.position = 20
  await fetched(20, 40)
  expect(commit).not.toHaveBeenCalled()
  expect(seek).toHaveBeenCalledExactlyOnceWith({ topic: 'DataTopic', partition: PARTITION, offset: '40' })
  expect(ownership.position).toBe(40)
})

test('of records that were removed before they were read it asks once more, then goes on without', async () => {
  const { fetched, commit, seek } = setUp()
  await fetched(30, 40)
  expect(seek).toHaveBeenCalledExactlyOnceWith({ topic: 'DataTopic', partition: PARTITION, offset: '0' })
  expect(commit).not.toHaveBeenCalled()
  await fetched(30, 40)
  expect(commit).toHaveBeenCalledOnce()
})

test('a partition is in transactions for a third of the time', () => {
  expect(restAfter(8)).toBe(16)
})

test('where transactions are slow nobody waits longer than a twentieth of a second for the next', () => {
  expect([24, 25, 26, 5_000].map(restAfter)).toEqual([48, 50, 50, 50])
})
