import { expect, test } from 'vitest'
import { createHedgeDelay } from './hedge-delay.ts'

function delayAfter(latencies: number[]) {
  const delay = createHedgeDelay(() => 0)
  for (const ms of latencies) delay.record(ms)
  return delay.delayMs()
}

test('it is the 95th percentile of what reads took, 30 to 250 ms', () => {
  expect(delayAfter(Array.from({ length: 100 }, (_, i) => i + 1))).toBe(95)
  expect(delayAfter(Array.from({ length: 100 }, () => 1))).toBe(30)
  expect(delayAfter(Array.from({ length: 100 }, () => 900))).toBe(250)
  expect(delayAfter([])).toBe(250)
})

test('of the last reads, and computed once a second', () => {
  let now = 0
  const delay = createHedgeDelay(() => now)
  for (let i = 0; i < 600; i++) delay.record(200)
  expect(delay.delayMs()).toBe(200)
  for (let i = 0; i < 512; i++) delay.record(50)
  expect(delay.delayMs()).toBe(200)
  now = 1_000
  expect(delay.delayMs()).toBe(50)
})
