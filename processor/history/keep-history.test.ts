import { expect, test, vi } from 'vitest'
import { identifyEvent } from '../../backbone/records/calendar-event.ts'
import { type HistoryKey, keyText, readKey, writeDrain, writeHour } from './history-record.ts'
import { keepHistory } from './keep-history.ts'
import { emptySums, HOUR_MS, hourOf, KEPT_MS } from './minute-sums.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const HOUR = hourOf(NOW)
const ofHour: HistoryKey = { of: 'hour', partition: 3, hour: HOUR }

function sumsOf(visits: number) {
  const sums = emptySums()
  sums[120] = visits
  return sums
}
const valueOf = (through: number, log = 'aaaaaaaa') => writeHour({ log, through, sums: sumsOf(through) })

function createHistory(dataTopic = 'DataTopic') {
  const owned = new Set<number>()
  const onOverwritten = vi.fn()
  const history = keepHistory({ dataTopic, isCounted: (partition) => owned.has(partition), onOverwritten })
  const take = (key: HistoryKey, value: string | null, topic = dataTopic, appendedAt = NOW) =>
    history.take({ key: keyText(topic, key), value }, appendedAt)
  return { history, owned, onOverwritten, take }
}

test('keys name system, partition and hour', () => {
  expect(keyText('DataTopic', ofHour)).toBe('DataTopic/3/2026-11-29T12')
  const keys: HistoryKey[] = [ofHour, { of: 'drain', hour: HOUR }, { of: 'event', id: '0123456789abcdef' }]
  for (const key of keys) {
    expect(readKey('DataTopic', keyText('DataTopic', key))).toEqual(key)
    expect(readKey('Data', keyText('DataTopic', key))).toBeUndefined()
  }
  for (const other of [
    '',
    'DataTopic/',
    'DataTopic/x/2026-11-29T12',
    'DataTopic/3/2026-99-29T12',
    'DataTopic/3',
  ])
    expect(readKey('DataTopic', other)).toBeUndefined()
})

test('sums that were counted less far do not replace others, unless they are of another log', () => {
  const { history, take } = createHistory()
  const through = () => history.hoursOf(3).get(HOUR)?.through
  take(ofHour, valueOf(7))
  take(ofHour, valueOf(5))
  expect(through()).toBe(7)
  take(ofHour, valueOf(8))
  expect(through()).toBe(8)
  expect(history.countedThrough(3, 'aaaaaaaa')).toBe(8)
  expect(history.countedThrough(3, 'bbbbbbbb')).toBe(0)
  take(ofHour, valueOf(2, 'bbbbbbbb'))
  expect(through()).toBe(2)
  take(ofHour, null)
  expect(through()).toBeUndefined()
})

test('an owner keeps its own sums, and is notified of those of another', () => {
  const { history, owned, onOverwritten, take } = createHistory()
  take(ofHour, valueOf(7))
  owned.add(3)
  take(ofHour, valueOf(9))
  take(ofHour, null)
  expect(history.hoursOf(3).get(HOUR)?.through).toBe(7)
  // Imported, for example.
  take({ ...ofHour, hour: HOUR - 1 }, valueOf(4))
  expect(history.hoursOf(3).get(HOUR - 1)?.through).toBe(4)
  expect(
    onOverwritten.mock.calls.map(([partition, hour, { through }]) => [partition, hour, through]),
  ).toEqual([[3, HOUR, 9]])
})

test('records of other systems are skipped, and others of this one are refused', () => {
  const { history, take } = createHistory()
  take(ofHour, valueOf(7), 'OtherTopic')
  expect(history.hoursOf(3).size).toBe(0)
  for (const value of ['', '{', 'null', '{"log":"a"}', '{"log":"a","through":1,"sums":{"slow":[-1]}}'])
    expect(() => take(ofHour, value)).toThrow()
  expect(() => take({ of: 'event', id: '0123456789abcdef' }, '{"name":""}')).toThrow()
  expect(history.hoursOf(3).size).toBe(0)
})

test('only what is older than 35 days expires, for the owner to remove', () => {
  const { history, take } = createHistory()
  const first = hourOf(NOW - KEPT_MS)
  for (const hour of [first - 1, first]) {
    take({ of: 'hour', partition: 3, hour }, valueOf(1))
    take({ of: 'hour', partition: 4, hour }, valueOf(1))
    take({ of: 'drain', hour }, writeDrain(4_000))
  }
  const events = [first * HOUR_MS - 1, first * HOUR_MS].map((until) => ({
    name: 'n',
    from: new Date(until - HOUR_MS).toISOString(),
    until: new Date(until).toISOString(),
    times: 2,
  }))
  const [old] = events.map((event) => {
    const { id } = identifyEvent(event)
    take({ of: 'event', id }, JSON.stringify(event))
    return id
  })
  expect(history.expire(NOW, new Set([3]))).toEqual([
    { of: 'hour', partition: 3, hour: first - 1 },
    { of: 'drain', hour: first - 1 },
    { of: 'event', id: old },
  ])
  expect([...history.hoursOf(3).keys(), ...history.hoursOf(4).keys()]).toEqual([first, first])
  expect(history.events()).toHaveLength(1)
  expect(history.expire(NOW, new Set([3, 4]))).toEqual([])
})

test.each([
  ['of this process', NOW + KEPT_MS, NOW],
  ['of the broker', NOW, NOW + KEPT_MS],
])('a clock %s that is 35 days ahead removes nothing', (_, now, appendedAt) => {
  const { history, take } = createHistory()
  const ended = { name: 'n', from: '2026-11-28T12:00:00.000Z', until: '2026-11-28T13:00:00.000Z', times: 2 }
  take({ of: 'hour', partition: 3, hour: HOUR - 1 }, valueOf(1))
  take({ of: 'drain', hour: HOUR - 1 }, writeDrain(4_000))
  take({ of: 'event', id: identifyEvent(ended).id }, JSON.stringify(ended), 'DataTopic', appendedAt)
  expect(history.expire(now, new Set([3]))).toEqual([])
  expect([history.hoursOf(3).size, history.drains.size, history.events().length]).toEqual([1, 1, 1])
})
