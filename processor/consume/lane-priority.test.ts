import { expect, test } from 'vitest'
import { createLanePriority } from './lane-priority.ts'

const BUYERS = 3
const BROWSERS = 4

function start(homePartitions = 6) {
  let time = 0
  const priority = createLanePriority({ homePartitions, longestWaitMs: 5_000, now: () => time })
  return { ...priority, pass: (ms: number) => void (time += ms) }
}

test('nobody waits while buyers keep up', () => {
  const { observe, mustWait } = start()
  observe(BUYERS, 1_000)
  expect([mustWait(BUYERS), mustWait(BROWSERS)]).toEqual([false, false])
})

test('browsers wait while buyers lag, buyers never do', () => {
  const { observe, mustWait } = start()
  observe(BUYERS, 1_001)
  observe(BROWSERS, 100_000)
  expect([0, 1, 2, 3, 4, 5].map(mustWait)).toEqual([false, false, false, false, true, true])
  observe(BUYERS, 10)
  expect(mustWait(BROWSERS)).toBe(false)
})

test('browsers that lag make nobody wait', () => {
  const { observe, mustWait } = start()
  observe(BROWSERS, 100_000)
  expect([0, 1, 2, 3, 4, 5].some(mustWait)).toBe(false)
})

test('who has waited long enough has a turn of a second, and then waits again', () => {
  const { observe, mustWait, pass } = start()
  const waitsAfter = (ms: number) => {
    pass(ms)
    observe(BUYERS, 5_000)
    return mustWait(BROWSERS)
  }
  expect([0, 4_999, 1, 999, 1, 5_000].map(waitsAfter)).toEqual([true, true, false, false, true, false])
})

test('a turn begins with what is fetched for it, however late that comes', () => {
  const { observe, mustWait, mayGoOn, pass } = start()
  const stillLagging = (ms: number) => {
    pass(ms)
    observe(BUYERS, 5_000)
  }
  stillLagging(0)
  expect([mustWait(BROWSERS), mayGoOn(BROWSERS)]).toEqual([true, false])
  stillLagging(4_999)
  expect(mayGoOn(BROWSERS)).toBe(false)
  stillLagging(1)
  expect(mayGoOn(BROWSERS)).toBe(true)
  stillLagging(2_500)
  expect([mayGoOn(BROWSERS), mustWait(BROWSERS)]).toEqual([true, false])
  stillLagging(999)
  expect(mustWait(BROWSERS)).toBe(false)
  stillLagging(1)
  expect([mustWait(BROWSERS), mayGoOn(BROWSERS)]).toEqual([true, false])
})

test('buyers that lag and make no progress are not waited for', () => {
  const { observe, mustWait, pass } = start()
  observe(BUYERS, 5_000)
  pass(2_999)
  expect(mustWait(BROWSERS)).toBe(true)
  pass(1)
  expect(mustWait(BROWSERS)).toBe(false)
})

test('a partition that has gone to another member is waited for no longer', () => {
  const { observe, mustWait, forget } = start()
  observe(BUYERS, 5_000)
  forget(BUYERS)
  expect(mustWait(BROWSERS)).toBe(false)
})

test('partitions beyond those of the lanes neither wait nor are waited for', () => {
  const { observe, mustWait } = start()
  observe(6, 100_000)
  expect(mustWait(BROWSERS)).toBe(false)
  observe(BUYERS, 100_000)
  expect([mustWait(BROWSERS), mustWait(6), mustWait(8)]).toEqual([true, false, false])
})

test('a topic of one partition has no lanes', () => {
  const { observe, mustWait } = start(1)
  observe(0, 5_000)
  expect(mustWait(0)).toBe(false)
})
