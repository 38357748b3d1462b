import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchThrottling } from './watch-throttling.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('throttling is reported once, and its end after a minute without any', async () => {
  const lines: { level: number; msg: string }[] = []
  const registry = new Registry()
  const throttling = watchThrottling({
    principal: 'user "shop"',
    clientId: 'checkout-gateway',
    registry,
    log: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }),
  })
  expect(throttling.warning()).toBeUndefined()
  throttling.throttled(1_500)
  vi.advanceTimersByTime(61_000)
  throttling.throttled(500)
  const what = 'Kafka throttles this process (user "shop", client id checkout-gateway)'
  const warning = { level: 40, msg: expect.stringContaining(`${what}: check the quotas producer_byte_rate`) }
  expect(lines).toMatchObject([{ ...warning, throttledMs: 1_500 }])
  expect(throttling.warning()).toContain(`${what}, 2.0 s of waiting until now: check`)
  expect(await registry.metrics()).toContain('checkout_kafka_throttle_seconds_total 2\n')

  vi.advanceTimersByTime(60_500)
  expect(lines.slice(1)).toMatchObject([{ level: 30, msg: `Resolved: ${what}`, throttledMs: 2_000 }])
  expect(throttling.warning()).toBeUndefined()

  throttling.throttled(1_000)
  expect(lines.slice(2)).toMatchObject([{ ...warning, throttledMs: 1_000 }])
})
