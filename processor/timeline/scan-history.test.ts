import { afterEach, expect, test, vi } from 'vitest'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { Scan } from '../kafka/partition-scanner.ts'
import { testAdmin } from '../testing/admin.ts'
import { range } from '../testing/read-models.ts'
import { dataRecord } from '../testing/records.ts'
import { createHistoryScan } from './scan-history.ts'

const SOON = 20
const BATCH = 1_000

afterEach(() => void vi.useRealTimers())

interface Log {
  low?: number
  high: number
  /** Nothing more is delivered from there on. */
  stallsAt?: number
}

/** A partition with records from `low` to `high`. */
function createLog({ low = 0, high, stallsAt = Number.POSITIVE_INFINITY }: Log) {
  const fetchTopicOffsets = async () => [{ partition: 3, low: String(low), high: String(high) }]
  async function deliver({ from, onRecords }: Scan, signal: AbortSignal): Promise<void> {
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    let next = Math.max(from, low)
    while (next < Math.min(high, stallsAt)) {
      const end = Math.min(next + BATCH, high, stallsAt)
      const more = onRecords(
        range(next, end).map((offset) => dataRecord(offset, 'value')),
        end,
      )
      if (!more) return
      next = end
    }
    await aborted
  }
  return { admin: testAdmin({ fetchTopicOffsets }), scanner: { scan: deliver }, topic: 'DataTopic' }
}

async function scan(log: Log, offset: number, { withLater = true, withinMs = 1_000 } = {}) {
  const scanHistory = createHistoryScan(createLog(log))
  const sources: StoredRecord[] = []
  const later: number[] = []
  const history = await scanHistory(
    {
      partition: 3,
      offset,
      onSource: (record) => sources.push(record),
      ...(withLater ? { onLater: (record: StoredRecord) => later.push(Number(record.offset)) } : {}),
    },
    AbortSignal.timeout(withinMs),
  )
  return { history, source: sources.map((record) => Number(record.offset)), later }
}

test('reads the record and all after it, up to the end', async () => {
  const { history, source, later } = await scan({ high: 12 }, 9)
  expect([source, later]).toEqual([[9], [10, 11]])
  expect(history).toEqual({ searched: { partition: 3, from: 9, to: 12, end: true } })
})

test('reads only the record of an event that no other record can repeat', async () => {
  const { history, source, later } = await scan({ high: 12 }, 9, { withLater: false })
  expect([source, later, history]).toEqual([[9], [], {}])
})

test.each([
  [5_000, true, 5_001],
  [5_001, false, 5_001],
])('of %i records after it, 5,000 are read', async (records, end, to) => {
  const { history, later } = await scan({ high: 1 + records }, 0)
  expect(later).toHaveLength(5_000)
  expect(history).toEqual({ searched: { partition: 3, from: 0, to, end } })
})

test('a search that takes longer than two seconds ends where it is', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const ended = vi.fn<() => void>()
  const scanned = scan({ high: 100, stallsAt: 40 }, 9).finally(ended)
  await vi.advanceTimersByTimeAsync(1_999)
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  const { history, source } = await scanned
  expect(source).toEqual([9])
  expect(history).toEqual({ searched: { partition: 3, from: 9, to: 40, end: false } })
})

test('retention has removed the record: later ones are still found', async () => {
  const { history, source, later } = await scan({ low: 10, high: 12 }, 9)
  expect([source, later]).toEqual([[], [10, 11]])
  expect(history).toEqual({ searched: { partition: 3, from: 10, to: 12, end: true } })
})

test.each([
  ['removed everything', { low: 10, high: 10 }],
  ['removed everything, and the topic was recreated', { low: 0, high: 9 }],
])('retention has %s', async (_, log) => {
  const { history, source, later } = await scan(log, 9)
  expect([source, later, history]).toEqual([[], [], {}])
})

test('Kafka tells the offsets but delivers nothing', async () => {
  const { history } = await scan({ high: 12, stallsAt: 0 }, 9, { withinMs: SOON })
  expect(history).toEqual({
    failure: { reason: 'kafka-unavailable', detail: 'Kafka did not deliver the record in time' },
  })
})

test('Kafka does not answer', async () => {
  const admin = testAdmin({ fetchTopicOffsets: () => new Promise(() => undefined) })
  const scanHistory = createHistoryScan({ ...createLog({ high: 1 }), admin })
  const history = await scanHistory(
    { partition: 3, offset: 0, onSource: () => undefined },
    AbortSignal.timeout(SOON),
  )
  expect(history.failure).toMatchObject({
    reason: 'kafka-unavailable',
    detail: expect.stringContaining('no answer in time'),
  })
})

test('its turn came too late', async () => {
  const scanHistory = createHistoryScan(createLog({ high: 1 }))
  const asked = { partition: 3, offset: 0, onSource: () => expect.unreachable() }
  expect((await scanHistory(asked, AbortSignal.abort())).failure?.reason).toBe('too-late')
})
