import { expect, test } from 'vitest'
import { BATCH_OVERHEAD_BYTES } from '../../backbone/kafka/record-bytes.ts'
import { createBatchLimit } from './batch-limit.ts'

const entry = (partition: number, bytes: number) => ({ item: { partition }, bytes })
const overhead = BATCH_OVERHEAD_BYTES

/** Sends all of it to a topic that takes batches of `limit` bytes, and says what each partition has then. */
function sendAll(
  limit: ReturnType<typeof createBatchLimit>,
  entries: ReturnType<typeof entry>[],
  most: number,
) {
  const stored: ReturnType<typeof entry>[] = []
  const tooLarge: ReturnType<typeof entry>[] = []
  const requests: { batches: number; isTaken: boolean }[] = []
  for (let left = entries; left.length > 0; ) {
    const request = limit.next(left) as { entries: typeof entries; batches: number; bytes: number }
    const isTaken = request.bytes <= most
    requests.push({ batches: request.batches, isTaken })
    if (isTaken) {
      limit.take(request)
      stored.push(...request.entries)
    } else {
      limit.refuse(request)
      if (request.entries.length > 1) continue
      tooLarge.push(...request.entries)
    }
    left = left.filter((each) => !request.entries.includes(each))
  }
  return { stored, tooLarge, requests }
}

test('small batches go together, those larger than any before go alone, the largest first', () => {
  const limit = createBatchLimit()
  const entries = [entry(0, 10_000), entry(1, 40_000), entry(2, 30_000), entry(0, 20_000)]
  expect(sendAll(limit, entries, 1_000_000).requests).toEqual([
    { batches: 1, isTaken: true },
    { batches: 2, isTaken: true },
  ])
  expect(sendAll(limit, entries, 1_000_000).requests).toEqual([{ batches: 3, isTaken: true }])
})

test('a refused batch is divided until it is taken; a record that is too large by itself does not affect the others', () => {
  const limit = createBatchLimit()
  const entries = Array.from({ length: 1_000 }, (_, n) => entry(n % 3, n === 500 ? 120_000 : 900))
  const { stored, tooLarge, requests } = sendAll(limit, entries, 100_000)
  expect(tooLarge).toEqual([entries[500]])
  expect(stored).toHaveLength(999)
  expect(new Set(stored).size).toBe(999)
  for (const partition of [0, 1, 2]) {
    const of = (list: typeof entries) => list.filter(({ item }) => item.partition === partition)
    expect(of(stored)).toEqual(of(entries).filter((each) => each !== entries[500]))
  }
  // Only a request of one batch may be refused: of several batches it would be unknown which were stored.
  expect(requests.every(({ batches, isTaken }) => isTaken || batches === 1)).toBe(true)
  expect(requests.filter(({ isTaken }) => !isTaken).length).toBeLessThan(6)
})

test('a refusal counts for a minute, since the limit may be raised', () => {
  let now = 0
  const limit = createBatchLimit(() => now)
  const entries = Array.from({ length: 10 }, () => entry(0, 50_000))
  expect(sendAll(limit, entries, 300_000).requests.filter(({ isTaken }) => !isTaken)).toHaveLength(1)
  expect(sendAll(limit, entries, 2_000_000).requests).toHaveLength(3)
  now = 60_001
  expect(sendAll(limit, entries, 2_000_000).requests).toEqual([{ batches: 1, isTaken: true }])
})

test('after the limit was lowered, no size counts as taken any more', () => {
  const limit = createBatchLimit()
  limit.take(limit.next([entry(0, 200_000)]))
  const entries = [entry(0, 150_000), entry(1, 150_000)]
  const together = limit.next(entries)
  expect(together).toMatchObject({ batches: 2, bytes: 150_000 + overhead })
  limit.refuse(together)
  expect(limit.next(entries)).toMatchObject({ batches: 1 })
})
