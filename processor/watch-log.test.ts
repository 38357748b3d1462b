import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { testAdmin } from './test-admin.ts'
import { createTestViews, follow, range } from './test-views.ts'
import { watchLog } from './watch-log.ts'

const views = createTestViews()
const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

/** A log of one partition that goes from `low` to `high`. */
function setUp(offsets: { low: number; high: number }) {
  const view = views.open({ partitions: 1 })
  const connected = {
    fetchTopicOffsets: async () => [
      { partition: 0, low: String(offsets.low), high: String(offsets.high), offset: String(offsets.high) },
    ],
  }
  const admin = testAdmin(connected)
  const log = pino({ level: 'silent' })
  const watch = watchLog({ admin, topic: 'Notifications', view, follows: () => true, log })
  stops.push(watch.stop)
  return { view, watch }
}

test('is behind until all is followed that was there at the start, then by what is lacking', async () => {
  const offsets = { low: 0, high: 5 }
  const { view, watch } = setUp(offsets)
  expect(watch.behind()).toBe('following the log up to where it ended at the start')
  await vi.waitFor(() => expect(watch.lag()).toBe(5))
  await follow(view, 0, range(0, 5))
  await watch.untilCaughtUp()
  expect(watch.behind()).toBeUndefined()
  offsets.high = 20_000
  await vi.waitFor(() => expect(watch.behind()).toBe('19995 records behind the log'), 5_000)
})

test('lets the view drop what retention has cut', async () => {
  const { view, watch } = setUp({ low: 3, high: 5 })
  await vi.waitFor(() => expect(view.partition(0).first).toBe(3))
  await follow(view, 0, [3, 4])
  await watch.untilCaughtUp()
})

test('a log that is made anew while it is followed is followed up to its own end', async () => {
  const offsets = { low: 0, high: 1_000 }
  const { view, watch } = setUp(offsets)
  await vi.waitFor(() => expect(watch.lag()).toBe(1_000))
  offsets.high = 3
  await follow(view, 0, range(0, 3))
  await vi.waitFor(() => expect(watch.caughtUp()).toBe(true), 5_000)
  expect(watch.behind()).toBeUndefined()
})
