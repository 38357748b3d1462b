import { expect, test, vi } from 'vitest'
import type { OutcomeRecord } from '../read-model/record.ts'
import { outcomeRecord } from '../testing/records.ts'
import { countPartitions } from './count-partitions.ts'
import { keyText, writeHour } from './history-record.ts'
import { columnOf, emptySums, hourOf } from './minute-sums.ts'

const PARTITION = 2
const LOG = 'aaaaaaaa'
// The read model of the test is read in pages of fewer records.
const PAGE = 3

const now = Date.now()
const recordsOf = (from: number, until: number): OutcomeRecord[] =>
  Array.from({ length: until - from }, (_, index) =>
    outcomeRecord(PARTITION, from + index, { kind: 'none', classifiedAt: now }),
  )

function createCounted() {
  const counted = countPartitions('DataTopic')
  const log: OutcomeRecord[] = []
  const state = { next: 0, first: 0, resume: undefined, log: LOG }
  const append = (records: OutcomeRecord[], of = LOG) => {
    log.push(...records)
    Object.assign(state, { next: log.length, log: of })
    counted.appended(PARTITION, { records, next: log.length, log: of })
  }
  const readModel = {
    partition: () => state,
    partitions: () => [state, state, state],
    after: vi.fn((offsets: readonly number[]) => {
      expect(offsets.filter((_, partition) => partition !== PARTITION).every((offset) => offset > 1e15)).toBe(
        true,
      )
      const from = offsets[PARTITION] ?? 0
      const records = log.slice(from, from + PAGE)
      const next = offsets.with(PARTITION, from + records.length)
      return { records, next, end: from + records.length >= log.length }
    }),
  }
  const visits = () => {
    const hour = counted.history.hoursOf(PARTITION).get(hourOf(now))
    return hour ? columnOf(hour.sums, 'visits').reduce((sum, count) => sum + count, 0) : 0
  }
  const own = (owns = () => true) => counted.own(PARTITION, readModel, owns)
  return { counted, readModel, append, visits, own }
}

test('what no owner has counted is read from the read model, also what comes meanwhile; then nothing more is read', async () => {
  const { counted, append, visits, own, readModel } = createCounted()
  const hour = hourOf(now)
  const sums = emptySums()
  columnOf(sums, 'visits')[0] = 2
  const key = keyText('DataTopic', { of: 'hour', partition: PARTITION, hour })
  counted.history.take({ key, value: writeHour({ log: LOG, through: 2, sums }) }, now)
  append(recordsOf(0, 10))
  expect(visits()).toBe(2)
  const owned = own()
  append(recordsOf(10, 12))
  await owned
  expect(visits()).toBe(12)
  const reads = readModel.after.mock.calls.length
  append(recordsOf(12, 20))
  await own()
  expect(visits()).toBe(20)
  expect(readModel.after).toHaveBeenCalledTimes(reads)
})

test('a partition that is lost while it is read is not counted, and one that is owned again goes on', async () => {
  const { counted, append, visits, own } = createCounted()
  append(recordsOf(0, 10))
  let owns = true
  const owned = own(() => owns)
  owns = false
  await owned
  expect(counted.counters.size).toBe(0)
  append(recordsOf(10, 11))
  await own()
  expect(visits()).toBe(11)
  counted.release(PARTITION)
  append(recordsOf(11, 15))
  await own()
  expect(visits()).toBe(15)
})

test('with another log, counting ends until the partition is owned again', async () => {
  const { counted, append, own } = createCounted()
  await own()
  append(recordsOf(0, 2))
  append(recordsOf(2, 3), 'bbbbbbbb')
  expect(counted.counters.size).toBe(0)
  await own()
  expect(counted.counters.get(PARTITION)?.log).toBe('bbbbbbbb')
})

test('older sums that another process wrote meanwhile are written over', async () => {
  const { counted, append, own } = createCounted()
  await own()
  append(recordsOf(0, 4))
  const [written] = counted.counters.get(PARTITION)?.takeChanged() ?? []
  const key = keyText('DataTopic', { of: 'hour', partition: PARTITION, hour: hourOf(now) })
  const changed = () =>
    counted.counters
      .get(PARTITION)
      ?.takeChanged()
      .map(({ hour }) => hour)
  // What it wrote itself.
  counted.history.take({ key, value: writeHour(written!.sums) }, now)
  expect(changed()).toEqual([])
  counted.history.take({ key, value: writeHour({ ...written!.sums, through: 3 }) }, now)
  expect(changed()).toEqual([hourOf(now)])
})
