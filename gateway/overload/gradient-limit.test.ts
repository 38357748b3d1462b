import { expect, test } from 'vitest'
import { createGradientLimit } from './gradient-limit.ts'

function start({ initial = 200, least = 20, most = 1_000 } = {}) {
  let ms = 0
  const limit = createGradientLimit({ initial, least, most }, () => ms)
  return {
    current: limit.current,
    /** Windows of 100 ms, with many requests of this duration. */
    windows(count: number, latency: number, given?: number) {
      for (let n = 0; n < count; n++) {
        const inFlight = given ?? limit.current()
        for (let sample = 0; sample < 20; sample++) limit.observe(latency, inFlight)
        ms += 100
        limit.observe(latency, inFlight)
      }
    },
  }
}

test('grows slowly while it is used and latency stays as it was, up to the most', () => {
  const { windows, current } = start()
  windows(10, 5)
  expect(current()).toBe(208)
  windows(2_000, 5)
  expect(current()).toBe(1_000)
})

test('stays unchanged while it is not used, because latency then says nothing about it', () => {
  const { windows, current } = start()
  windows(100, 5, 99)
  windows(100, 500, 99)
  expect(current()).toBe(200)
})

test('falls to the minimum within two seconds when latency rises, and recovers', () => {
  const { windows, current } = start()
  windows(50, 5)
  const before = current()
  windows(5, 7)
  expect(current()).toBeGreaterThan(before)
  windows(15, 100)
  expect(current()).toBeLessThan(before / 2)
  windows(40, 100)
  expect(current()).toBeLessThan(40)
  windows(300, 5)
  expect(current()).toBeGreaterThan(before)
})

test('one slow request among many changes nothing', () => {
  const { windows, current } = start()
  windows(50, 5)
  const before = current()
  windows(1, 7.4)
  expect(current()).toBeGreaterThanOrEqual(before)
})
