import { expect, test } from 'vitest'
import { createRateLimiter } from './gcra.ts'

function start() {
  let ms = 1_000
  const take = createRateLimiter(() => ms)
  return {
    take,
    pass: (seconds: number) => {
      ms += seconds * 1_000
    },
    /** How many of these concurrent requests are allowed. */
    burst: (requests: number, rate: number, who = 'a') =>
      Array.from({ length: requests }, () => take(who, rate)).filter(({ allowed }) => allowed).length,
  }
}

test.each([
  [0.01, 1],
  [0.1, 1],
  [1, 10],
  [3, 30],
  [7.35, 73],
  [1_000, 10_000],
])('at %d/s an idle client may send %i requests at once, and no more', (rate, quota) => {
  const { burst } = start()
  expect(burst(quota + 5, rate)).toBe(quota)
})

test.each([0.5, 1, 3, 40])('at %d/s, a client within the rate is never rejected', (rate) => {
  const { take, pass } = start()
  for (let n = 0; n < 1_000; n++) {
    expect(take('a', rate).allowed).toBe(true)
    pass(1 / rate)
  }
})

test.each([0.5, 1, 3, 40])(
  'at %d/s, a client that always asks gets the rate and the initial burst',
  (rate) => {
    const { take, pass } = start()
    let allowed = 0
    for (let n = 0; n < 10_000; n++) {
      if (take('a', rate).allowed) allowed++
      pass(0.01)
    }
    expect(allowed).toBeGreaterThanOrEqual(Math.floor(rate * 110) - 1)
    expect(allowed).toBeLessThanOrEqual(Math.ceil(rate * 110) + 1)
  },
)

test('reports the remaining quota and when to retry, correctly', () => {
  const { take, pass, burst } = start()
  expect(take('a', 2)).toEqual({
    allowed: true,
    quota: 20,
    windowSeconds: 10,
    remaining: 19,
    resetSeconds: 1,
  })
  burst(18, 2)
  expect(take('a', 2)).toMatchObject({ allowed: true, remaining: 0, resetSeconds: 10 })
  const refused = take('a', 2)
  expect(refused).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 1 })
  pass(refused.resetSeconds)
  expect(take('a', 2).allowed).toBe(true)
})

test.each([
  [0.01, 100],
  [0.3, 10],
  [7, 10],
])('a quota at %d/s is for %i s', (rate, seconds) => {
  expect(start().take('a', rate).windowSeconds).toBe(seconds)
})

test('clients do not share a quota', () => {
  const { burst } = start()
  expect(burst(20, 1, 'a')).toBe(10)
  expect(burst(20, 1, 'b')).toBe(10)
})

test('the last digit of a float does not cost a second', () => {
  const at = 31_234.567_8
  expect(at + 5_000 - at).toBeGreaterThan(5_000)
  expect(createRateLimiter(() => at)('a', 0.2).resetSeconds).toBe(5)
})
