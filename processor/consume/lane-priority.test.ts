import { expect, test } from 'vitest'
import { LONGEST_TRANSACTION_MS } from './commit-transaction.ts'
import { createLanePriority } from './lane-priority.ts'

const PURCHASES = 3
const VISITS = 4

function start(homePartitions = 6) {
  let time = 0
  const priority = createLanePriority({
    homePartitions: () => homePartitions,
    longestWaitMs: 5_000,
    now: () => time,
  })
  return { ...priority, pass: (ms: number) => void (time += ms) }
}

test('nothing is paused while purchases keep up', () => {
  const { observe, mustPause } = start()
  observe(PURCHASES, 1_000)
  expect([mustPause(PURCHASES), mustPause(VISITS)]).toEqual([false, false])
})

test('visits are paused while purchases lag, purchases never are', () => {
  const { observe, mustPause } = start()
  observe(PURCHASES, 1_001)
  observe(VISITS, 100_000)
  expect([0, 1, 2, 3, 4, 5].map(mustPause)).toEqual([false, false, false, false, true, true])
  observe(PURCHASES, 10)
  expect(mustPause(VISITS)).toBe(false)
})

test('visits that lag pause nothing', () => {
  const { observe, mustPause } = start()
  observe(VISITS, 100_000)
  expect([0, 1, 2, 3, 4, 5].some(mustPause)).toBe(false)
})

test('a partition that was paused long enough is served for a second, and then paused again', () => {
  const { observe, mustPause, pass } = start()
  const waitsAfter = (ms: number) => {
    pass(ms)
    observe(PURCHASES, 5_000)
    return mustPause(VISITS)
  }
  expect([0, 4_999, 1, 999, 1, 5_000].map(waitsAfter)).toEqual([true, true, false, false, true, false])
})

test('that second begins when its records have been fetched, however long that takes', () => {
  const { observe, mustPause, mayResume, pass } = start()
  const stillLagging = (ms: number) => {
    pass(ms)
    observe(PURCHASES, 5_000)
  }
  stillLagging(0)
  expect([mustPause(VISITS), mayResume(VISITS)]).toEqual([true, false])
  stillLagging(4_999)
  expect(mayResume(VISITS)).toBe(false)
  stillLagging(1)
  expect(mayResume(VISITS)).toBe(true)
  stillLagging(2_500)
  expect([mayResume(VISITS), mustPause(VISITS)]).toEqual([true, false])
  stillLagging(999)
  expect(mustPause(VISITS)).toBe(false)
  stillLagging(1)
  expect([mustPause(VISITS), mayResume(VISITS)]).toEqual([true, false])
})

test('purchases that lag pause visits during the longest transaction, and without progress nothing any more', () => {
  const { observe, mustPause, pass } = start()
  observe(PURCHASES, 5_000)
  pass(LONGEST_TRANSACTION_MS + 999)
  expect(mustPause(VISITS)).toBe(true)
  pass(1)
  expect(mustPause(VISITS)).toBe(false)
})

test('a partition that was assigned to another member pauses nothing any more', () => {
  const { observe, mustPause, forget } = start()
  observe(PURCHASES, 5_000)
  forget(PURCHASES)
  expect(mustPause(VISITS)).toBe(false)
})

test('partitions beyond those of the lanes are not paused, and pause nothing', () => {
  const { observe, mustPause } = start()
  observe(6, 100_000)
  expect(mustPause(VISITS)).toBe(false)
  observe(PURCHASES, 100_000)
  expect([mustPause(VISITS), mustPause(6), mustPause(8)]).toEqual([true, false, false])
})

test('a topic of one partition has no lanes', () => {
  const { observe, mustPause } = start(1)
  observe(0, 5_000)
  expect(mustPause(0)).toBe(false)
})
