import pino from 'pino'
import { expect, test, vi } from 'vitest'
import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { range } from '../testing/read-models.ts'
import { dataRecord } from '../testing/records.ts'
import { createBatchConsumer, restAfter } from './consume-batch.ts'
import type { Ownership } from './ownership.ts'

const PARTITION = 0

/** An owner that has decided on all before `next`, and is given batches of a log that ends at 100. */
function setUp({ next = 0 } = {}) {
  const commit = vi.fn(async (records: { offset: string }[]) => {
    next = Number(records.at(-1)?.offset) + 1
  })
  const advance = (offset: number) => {
    next = Math.max(next, offset)
  }
  const committer = { next: () => next, advance, commit } as unknown as NonNullable<Ownership['committer']>
  const ownership: Ownership = { released: new AbortController(), position: next, committer }
  const seek = vi.fn()
  const handle = createBatchConsumer({
    topic: 'DataTopic',
    owned: new Map([[PARTITION, ownership]]),
    lanes: { observe: () => undefined, mustPause: () => false, pause: () => undefined },
    handOver: () => undefined,
    reclaim: () => undefined,
    committed: () => undefined,
    log: pino({ level: 'silent' }),
  })
  const fetched = (from: number, to: number) =>
    handle({ seek } as unknown as PartitionConsumer, {
      partition: PARTITION,
      records: range(from, to).map((offset) => dataRecord(offset, '{}')),
      firstOffset: from,
      lastOffset: to - 1,
      highWatermark: 100,
      isRunning: () => true,
      isStale: () => false,
      heartbeat: async () => undefined,
      resolve: () => undefined,
    })
  return { fetched, commit, seek, ownership }
}

test('decides on the new records of a batch, and on none twice', async () => {
  const { fetched, commit, ownership } = setUp({ next: 5 })
  ownership.position = 0
  await fetched(0, 10)
  expect(commit.mock.calls.map(([records]) => records.map(({ offset }) => Number(offset)))).toEqual([
    [5, 6, 7, 8, 9],
  ])
  expect(ownership.position).toBe(10)
})

// The consumer joins its group again during a transaction, and reads on from where that began.
test('after a batch without new records it reads on after that batch, not from the same offset for ever', async () => {
  const { fetched, commit, seek, ownership } = setUp({ next: 40 })
  ownership.position = 20
  await fetched(20, 40)
  expect(commit).not.toHaveBeenCalled()
  expect(seek).toHaveBeenCalledExactlyOnceWith(PARTITION, 40)
  expect(ownership.position).toBe(40)
})

test('records that were removed before they were read are fetched once more, then skipped', async () => {
  const { fetched, commit, seek } = setUp()
  await fetched(30, 40)
  expect(seek).toHaveBeenCalledExactlyOnceWith(PARTITION, 0)
  expect(commit).not.toHaveBeenCalled()
  await fetched(30, 40)
  expect(commit).toHaveBeenCalledOnce()
})

test('a partition is in transactions for a third of the time', () => {
  expect(restAfter(8)).toBe(16)
})

test('after slow transactions the next one waits no longer than a twentieth of a second', () => {
  expect([24, 25, 26, 5_000].map(restAfter)).toEqual([48, 50, 50, 50])
})
