import { expect, test } from 'vitest'
import { countOutcomes, type PlacedOutcome, shownSums } from './count-outcomes.ts'
import { readHour, writeHour } from './history-record.ts'
import { keepHistory } from './keep-history.ts'
import { type Column, columnOf, HOUR_MS, hourOf, KEPT_MS, MINUTE_MS } from './minute-sums.ts'

const NOON = Date.parse('2026-11-29T12:00:00Z')
const PARTITION = 3

function createHistory() {
  return keepHistory({ dataTopic: 'DataTopic', isCounted: () => true, onOverwritten: () => undefined })
}

function countIn(history = createHistory(), log = 'aaaaaaaa', now = NOON + 30 * MINUTE_MS) {
  const counter = countOutcomes({ partition: PARTITION, log, history, now: () => now })
  const sums = (at: number, column: Column): number => {
    const hour = history.hoursOf(PARTITION).get(hourOf(at))
    return hour === undefined ? 0 : (columnOf(shownSums(hour), column)[new Date(at).getUTCMinutes()] ?? 0)
  }
  return { history, counter, sums }
}

const outcome = (offset: number, given: Partial<PlacedOutcome> = {}): PlacedOutcome => ({
  offset,
  kind: 'quick',
  receivedAt: NOON,
  classifiedAt: NOON + 20,
  ...given,
})

test('an outcome counts in the minute in which its checkout was received, by lane, with its lag', () => {
  const { counter, sums } = countIn()
  const late = { classifiedAt: NOON + 90_000 }
  counter.add(
    [
      outcome(0),
      outcome(1, { kind: 'slow', ...late }),
      outcome(2, { kind: 'unverified' }),
      outcome(4, { kind: 'none' }),
      outcome(5, { kind: 'invalid' }),
      outcome(6, { receivedAt: NOON + 61_000, classifiedAt: NOON + 60_000 }),
    ],
    8,
  )
  expect(sums(NOON, 'slow')).toBe(1)
  expect(sums(NOON, 'otherPurchases')).toBe(2)
  expect(sums(NOON, 'visits')).toBe(2)
  expect(sums(NOON, 'lagMs')).toBe(90_000 + 4 * 20)
  expect(sums(NOON, 'longestLagMs')).toBe(90_000)
  expect(sums(NOON + MINUTE_MS, 'otherPurchases')).toBe(1)
  // The clock of the gateway was ahead.
  expect(sums(NOON + MINUTE_MS, 'lagMs')).toBe(0)
  expect(counter.next()).toBe(8)
})

test('a dead letter that was sent again was counted when it was received first', () => {
  const { counter, sums } = countIn()
  counter.add([outcome(0, { receivedAt: undefined })], 1)
  expect(sums(NOON, 'otherPurchases')).toBe(0)
})

test('what is kept no longer, or is far in the future, is not counted', () => {
  const now = NOON + 30 * MINUTE_MS
  const oldest = (hourOf(now - KEPT_MS) + 1) * HOUR_MS
  const { counter, sums } = countIn(undefined, undefined, now)
  counter.add([outcome(0, { receivedAt: oldest - 1 }), outcome(1, { receivedAt: now + 11 * MINUTE_MS })], 2)
  expect(counter.takeChanged()).toHaveLength(0)
  counter.add([outcome(2, { receivedAt: oldest }), outcome(3, { receivedAt: now + 10 * MINUTE_MS })], 4)
  expect([sums(oldest, 'otherPurchases'), sums(now + 10 * MINUTE_MS, 'otherPurchases')]).toEqual([1, 1])
})

test('the next owner counts on from what was written, and each outcome once', () => {
  const outcomes = Array.from({ length: 10 }, (_, offset) =>
    outcome(offset, { receivedAt: NOON + (offset % 3) * MINUTE_MS - (offset % 2) * HOUR_MS }),
  )
  const former = countIn()
  former.counter.add(outcomes.slice(0, 6), 6)
  const written = former.counter.takeChanged().map(({ hour, sums }) => [hour, writeHour(sums)] as const)
  // Counted, but not written.
  former.counter.add(outcomes.slice(6, 8), 8)

  const next = countIn()
  for (const [hour, text] of written) next.history.hoursOf(PARTITION).set(hour, readHour(text))
  const { counter } = countIn(next.history)
  expect(counter.next()).toBe(6)
  counter.add(outcomes, 10)
  const all = countIn()
  all.counter.add(outcomes, 10)
  for (const hour of [NOON, NOON - HOUR_MS])
    expect(next.history.hoursOf(PARTITION).get(hourOf(hour))?.sums).toEqual(
      all.history.hoursOf(PARTITION).get(hourOf(hour))?.sums,
    )
})

test('an owner that claims its partition again counts nothing twice, written or not', () => {
  const { history, counter, sums } = countIn()
  counter.add([outcome(0), outcome(1)], 2)
  counter.end()
  const { counter: again } = countIn(history)
  expect(again.next()).toBe(2)
  again.add([outcome(0), outcome(1), outcome(2)], 3)
  expect(sums(NOON, 'otherPurchases')).toBe(3)
})

test('of a recreated log, which may have the same checkouts again, the greater sum counts', () => {
  const { history, counter } = countIn()
  counter.add([outcome(0), outcome(1), outcome(2, { receivedAt: NOON + MINUTE_MS })], 3)
  const { counter: recreated, sums } = countIn(history, 'bbbbbbbb')
  expect(recreated.next()).toBe(0)
  recreated.add([outcome(0)], 1)
  expect([sums(NOON, 'otherPurchases'), sums(NOON + MINUTE_MS, 'otherPurchases')]).toEqual([2, 1])
  recreated.add([outcome(1), outcome(2)], 3)
  expect(sums(NOON, 'otherPurchases')).toBe(3)
  // After a restart, too.
  const [changed] = recreated.takeChanged()
  expect(readHour(writeHour(changed!.sums))).toEqual(changed!.sums)
})

test('minutes are watched from the first call on, whole ones only', () => {
  const { counter, sums } = countIn()
  const watched = () => [0, 1, 2, 3].map((minute) => sums(NOON + minute * MINUTE_MS, 'watched'))
  counter.watched(NOON + 30_000)
  expect(watched()).toEqual([0, 0, 0, 0])
  counter.watched(NOON + 2 * MINUTE_MS + 1)
  expect(watched()).toEqual([1, 1, 0, 0])
  // The partition fell behind: what is known ends earlier.
  counter.watched(NOON + MINUTE_MS)
  counter.watched(NOON + 3 * MINUTE_MS)
  expect(watched()).toEqual([1, 1, 1, 0])
})

test.each([
  ['35 days ahead', NOON + KEPT_MS],
  ['an hour behind', NOON - HOUR_MS],
])('outcomes are counted by a process whose clock is %s, if the broker knows the time', (_, now) => {
  const history = createHistory()
  history.take({ key: 'OtherTopic/drain/2026-11-29T12', value: null }, NOON)
  const { counter, sums } = countIn(history, undefined, now)
  const tooOld = Math.min(NOON, now) - KEPT_MS - HOUR_MS
  const tooNew = Math.max(NOON, now) + 11 * MINUTE_MS
  counter.add([outcome(0), outcome(1, { receivedAt: tooOld }), outcome(2, { receivedAt: tooNew })], 3)
  expect(sums(NOON, 'otherPurchases')).toBe(1)
  expect(counter.takeChanged()).toHaveLength(1)
})
