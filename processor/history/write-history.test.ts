import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { outcomeRecord } from '../testing/records.ts'
import { countPartitions } from './count-partitions.ts'
import { type HistoryMessage, readHour } from './history-record.ts'
import { columnOf } from './minute-sums.ts'
import { writeHistory } from './write-history.ts'

const NOON = Date.parse('2026-11-29T12:00:00Z')
const DAY_MS = 24 * 3_600_000
const KEY = 'DataTopic/0/2026-11-29T12'

beforeEach(() => void vi.useFakeTimers({ now: NOON }))
afterEach(() => void vi.useRealTimers())

function startWriting() {
  const counted = countPartitions('DataTopic')
  const state = { next: 0, first: 0, resume: undefined, log: 'aaaaaaaa' }
  const owned = new Set([0])
  const lags = new Map([[0, 0]])
  const send = vi.fn<(messages: readonly HistoryMessage[]) => Promise<void>>(async () => undefined)
  let drain: number | undefined
  let caughtUp = true
  const lines: string[] = []
  const writer = writeHistory({
    dataTopic: 'DataTopic',
    counted,
    readModel: {
      partition: () => state,
      partitions: () => [state],
      after: (offsets) => ({ records: [], next: [...offsets], end: true }),
    },
    owned: () => owned,
    lags: () => lags,
    takeDrainRate: () => drain,
    isCaughtUp: () => caughtUp,
    sender: { send, close: async () => undefined },
    explain: () => 'Kafka refused Write on topic History',
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
  })
  const receive = (count: number, receivedAt = Date.now()) => {
    const records = Array.from({ length: count }, (_, index) =>
      outcomeRecord(0, state.next + index, { kind: 'none', classifiedAt: receivedAt }),
    )
    state.next += count
    counted.appended(0, { records, next: state.next, log: 'aaaaaaaa' })
  }
  return {
    counted,
    writer,
    send,
    receive,
    owned,
    lags,
    lines,
    drains: (perSecond: number) => {
      drain = perSecond
    },
    becomesCaughtUp: (next: boolean) => {
      caughtUp = next
    },
    lastVisits: () => {
      const value = send.mock.calls.flat(2).findLast(({ key }) => key === KEY)?.value
      return value ? [...columnOf(readHour(value).sums, 'visits').subarray(0, 3)] : undefined
    },
    lastWatched: () => {
      const value = send.mock.calls.flat(2).findLast(({ key }) => key === KEY)?.value
      return value ? [...columnOf(readHour(value).sums, 'watched').subarray(0, 3)] : undefined
    },
  }
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)

test('sums are written two seconds after the end of each minute, those that have changed', async () => {
  const { receive, lastVisits, lastWatched, send } = startWriting()
  await seconds(10)
  receive(3)
  await seconds(51)
  expect(lastVisits()).toBeUndefined()
  await seconds(1)
  expect(lastVisits()).toEqual([3, 0, 0])
  expect(lastWatched()).toEqual([1, 0, 0])
  receive(2)
  await seconds(60)
  expect(lastVisits()).toEqual([3, 2, 0])
  expect(lastWatched()).toEqual([1, 1, 0])
  expect(send.mock.calls.every(([messages]) => messages.length <= 1)).toBe(true)
})

test('with a lag, minutes are only known up to what was classified last', async () => {
  const { receive, lags, lastWatched } = startWriting()
  await seconds(10)
  receive(1, NOON + 9_000)
  lags.set(0, 5)
  await seconds(120)
  expect(lastWatched()?.slice(1)).toEqual([0, 0])
  lags.set(0, 0)
  await seconds(60)
  expect(lastWatched()).toEqual([1, 1, 1])
})

test('of the time in which the process was frozen or the clock was set, nothing is known', async () => {
  const { lastWatched, send } = startWriting()
  await seconds(65)
  expect(lastWatched()).toEqual([1, 0, 0])
  vi.setSystemTime(NOON + 2 * DAY_MS)
  await seconds(65)
  vi.setSystemTime(NOON + 125_000)
  await seconds(65)
  expect(lastWatched()).toEqual([1, 0, 1])
  expect(send.mock.calls.flat(2).map(({ key }) => key)).toEqual([KEY, 'DataTopic/0/2026-12-01T12', KEY])
})

test('nothing is written before everything is read', async () => {
  const { becomesCaughtUp, receive, send, lastVisits } = startWriting()
  becomesCaughtUp(false)
  await seconds(70)
  receive(1)
  await seconds(70)
  expect(send).not.toHaveBeenCalled()
  becomesCaughtUp(true)
  await seconds(2)
  receive(1)
  await seconds(60)
  expect(lastVisits()?.[2]).toBe(1)
})

test('what Kafka refuses is written later, with one warning', async () => {
  const { receive, send, lastVisits, lines } = startWriting()
  await seconds(5)
  send.mockRejectedValue(new Error('TOPIC_AUTHORIZATION_FAILED'))
  receive(4)
  await seconds(130)
  send.mockReset()
  await seconds(60)
  expect(lastVisits()).toEqual([4, 0, 0])
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'The history is not written: Kafka refused Write on topic History',
    'The history is written again',
  ])
})

test('a greater rate than the known one of the hour is written', async () => {
  const { drains, send } = startWriting()
  const written = () => send.mock.calls.flat(2).filter(({ key }) => key.includes('drain'))
  drains(4_000)
  await seconds(62)
  expect(written()).toEqual([{ key: 'DataTopic/drain/2026-11-29T12', value: '{"perProcessor":4000}' }])
  drains(3_999)
  await seconds(60)
  expect(written()).toHaveLength(1)
  drains(4_001)
  await seconds(60)
  expect(written()).toHaveLength(2)
})

test('a shutdown writes what was counted; a partition that is lost is written by its next owner', async () => {
  const { writer, receive, send, owned, lastVisits, counted } = startWriting()
  await seconds(5)
  receive(2)
  owned.clear()
  await seconds(1)
  expect(counted.counters.size).toBe(0)
  owned.add(0)
  await seconds(1)
  receive(1)
  send.mockClear()
  await writer.stop()
  expect(lastVisits()).toEqual([3, 0, 0])
})
