import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStaleFetches } from './stale-fetches.ts'

const PARTITION = 3
const stands = new Map([
  [7, '{"eventId":"a"}'],
  [9, '{"eventId":"b"}'],
])
const readModel = {
  at: (partition: number, offset: number) => {
    const json = partition === PARTITION ? stands.get(offset) : undefined
    return json === undefined
      ? undefined
      : { partition, offset, kind: 'quick' as const, classifiedAt: 0, owner: 'web', json: Buffer.from(json) }
  },
}
const message = (offset: number, value: string | null) => ({
  offset: String(offset),
  value: value === null ? null : Buffer.from(value),
  key: null,
  timestamp: '0',
  attributes: 0,
  headers: {},
})
const claim = message(8, null)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('records that the read model has at the same offsets are stale', () => {
  const { areStale } = createStaleFetches(readModel)
  expect(areStale(PARTITION, [message(7, '{"eventId":"a"}'), claim, message(9, '{"eventId":"b"}')])).toBe(
    true,
  )
})

test.each([
  ['another outcome', [message(7, '{"eventId":"a"}'), message(9, '{"eventId":"c"}')]],
  ['a claim where an outcome stood', [message(7, null)]],
])('%s is another log', (_, messages) => {
  const { areStale } = createStaleFetches(readModel)
  expect(areStale(PARTITION, messages)).toBe(false)
})

test('fetches that stay stale for more than ten seconds show a log that was recreated', () => {
  const { areStale, areOver } = createStaleFetches(readModel)
  const late = [message(7, '{"eventId":"a"}')]
  const lateFor = (ms: number) => {
    const told: boolean[] = []
    for (let passed = 0; passed < ms; passed += 1_000) {
      told.push(areStale(PARTITION, late))
      vi.advanceTimersByTime(1_000)
    }
    return told
  }
  expect(lateFor(11_000)).not.toContain(false)
  expect(areStale(PARTITION, late)).toBe(false)

  areOver(PARTITION)
  expect(lateFor(11_000)).not.toContain(false)
})

test('fetches that are stale now and then do not show a log that was recreated', () => {
  const { areStale } = createStaleFetches(readModel)
  for (let time = 0; time < 4; time++) {
    expect(areStale(PARTITION, [message(7, '{"eventId":"a"}')])).toBe(true)
    vi.advanceTimersByTime(6_000)
  }
})
