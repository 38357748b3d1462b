import { expect, test } from 'vitest'
import { createRestartPolicy } from './restart-policy.ts'

test('waits twice as long after each death, up to 15 s', () => {
  const afterDeath = createRestartPolicy()
  const lives = [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000]
  const waits = lives.map((at) => afterDeath(at, at + 15_000).waitMs)
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
})

test('is reset after a minute of uptime', () => {
  const afterDeath = createRestartPolicy()
  afterDeath(0, 10)
  expect(afterDeath(510, 60_509).waitMs).toBe(1000)
  expect(afterDeath(61_509, 121_509).waitMs).toBe(500)
})

test('the fifth death in a minute is too often', () => {
  const afterDeath = createRestartPolicy()
  const deaths = [0, 14_000, 28_000, 42_000, 59_999].map((at) => afterDeath(at, at))
  expect(deaths.map(({ tooOften }) => tooOften)).toEqual([false, false, false, false, true])
})

test('does not count deaths that are older than a minute', () => {
  const afterDeath = createRestartPolicy()
  const deaths = [0, 14_000, 28_000, 42_000, 60_000].map((at) => afterDeath(at, at))
  expect(deaths.at(-1)).toEqual({ waitMs: 8000, tooOften: false })
})
