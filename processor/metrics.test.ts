import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { openMetrics } from '../backbone/process/open-metrics.ts'
import { baseKinds, type Outcome, type OutcomeKind } from '../backbone/records/outcome.ts'
import { countDecisions, describeKinds, watchMember } from './metrics.ts'
import { createTestApp } from './testing/apps.ts'
import { builtInMessages } from './testing/messages.ts'
import { createTestReadModels, follow } from './testing/read-models.ts'

const readModels = createTestReadModels()

async function linesOf(text: Promise<string>, name: string) {
  return (await text).split('\n').filter((line) => line.startsWith(name))
}

/** Metrics that are not 0. */
const countedOf = async (text: Promise<string>, name: string) =>
  (await linesOf(text, name)).filter((line) => !line.endsWith(' 0'))

test('streams are counted while they are open, with keys and without', async () => {
  const app = createTestApp(readModels.open())
  const open = async () => linesOf((await app.get('/metrics')).text(), 'checkout_streams_open')
  const streams = [await app.openStream(), await app.openStream()]
  await app.get('/notifications/stream', { method: 'HEAD' })
  expect(await open()).toEqual(['checkout_streams_open 2'])
  for (const stream of streams) await stream.cancel()
  expect(await open()).toEqual(['checkout_streams_open 0'])
})

test('requests are counted by route, never by client input', async () => {
  const { get } = createTestApp(readModels.open())
  await get('/checkout/scarlett')
  await get('/notifications?customer=scarlett')
  const text = (await get('/metrics')).text()
  expect(await countedOf(text, 'http_request_duration_seconds_count')).toEqual([
    'http_request_duration_seconds_count{method="GET",route="/checkout/:eventId",status="404"} 1',
    'http_request_duration_seconds_count{method="GET",route="/notifications",status="400"} 1',
  ])
})

test('the lag is that of the partitions owned at the time of the request', async () => {
  const registry = new Registry()
  const lags = new Map([[0, 7]])
  const viewFile = readModels.newPath()
  watchMember(registry, {
    lags: () => lags,
    readModelLag: () => 3,
    readModel: readModels.open({ path: viewFile }),
    viewFile,
  })
  expect(await linesOf(registry.metrics(), 'checkout_consumer')).toEqual([
    'checkout_consumer_lag_records{partition="0"} 7',
  ])
  expect(await linesOf(registry.metrics(), 'checkout_view')).toEqual(['checkout_view_lag_records 3'])
  lags.clear()
  lags.set(4, 1)
  expect(await linesOf(registry.metrics(), 'checkout_consumer')).toEqual([
    'checkout_consumer_lag_records{partition="4"} 1',
  ])
})

const NOW = 100_000
const decision = (kind: OutcomeKind, receivedAt: number, redriven = false) => ({
  offset: 0,
  owner: '',
  outcome: { kind, ...(redriven && { redrive: {} }) } as Outcome,
  receivedAt,
})
const DELAY = 'checkout_notification_delay_seconds'

test('the delay of each outcome counts once, in the first bucket whose bound it does not exceed', async () => {
  const registry = new Registry()
  const count = countDecisions(registry, () => NOW)
  // No repetition, and no dead letter that was received long ago and sent again.
  count([decision('quick', NOW - 10), decision('quick', NOW - 1_000), { offset: 1, owner: '' }])
  count([decision('quick', NOW - 1_001), decision('quick', NOW - 400_000), decision('quick', 0, true)])
  // The clock of the gateway is ahead.
  count([decision('slow', NOW + 5_000)])
  // A kind that the rules of a system add.
  count([decision('express' as OutcomeKind, NOW - 30)])
  const counted = await countedOf(registry.metrics(), DELAY)
  const ofQuick = (bound: string) =>
    counted.find((line) => line.startsWith(`${DELAY}_bucket{le="${bound}",kind="quick"} `))?.split(' ')[1]
  expect(['0.01', '0.5', '1', '2', '300', '+Inf'].map(ofQuick)).toEqual(['1', '1', '2', '3', '3', '4'])
  expect(counted).toEqual(
    expect.arrayContaining([
      `${DELAY}_sum{kind="quick"} 402.011`,
      `${DELAY}_count{kind="quick"} 4`,
      `${DELAY}_bucket{le="0.01",kind="slow"} 1`,
      `${DELAY}_bucket{le="0.05",kind="express"} 1`,
    ]),
  )
  expect(counted).not.toContainEqual(expect.stringContaining('sum{kind="slow"}'))
})

test('in OpenMetrics, a bucket of delays names the trace of its newest sampled outcome', async () => {
  const registry = new Registry()
  const count = countDecisions(registry, () => NOW)
  const traced = (digit: string, receivedAt: number) => ({
    ...decision('slow', receivedAt),
    trace: { traceparent: `00-${digit.repeat(32)}-00f067aa0ba902b7-01` },
  })
  count([traced('a', NOW - 30), traced('b', NOW - 25), decision('slow', NOW - 20), traced('c', NOW - 1_500)])
  const { text } = await openMetrics(registry)
  const named = text.split('\n').filter((line) => line.includes(' # {'))
  expect(named).toEqual([
    `${DELAY}_bucket{le="0.05",kind="slow"} 3 # {trace_id="${'b'.repeat(32)}"} 0.025 100`,
    `${DELAY}_bucket{le="2",kind="slow"} 4 # {trace_id="${'c'.repeat(32)}"} 1.5 100`,
  ])
  expect(await registry.metrics()).not.toContain('trace_id')
})

test('every kind has a delay from the start', async () => {
  const registry = new Registry()
  countDecisions(registry)
  expect(await linesOf(registry.metrics(), `${DELAY}_count`)).toEqual(
    baseKinds.map((kind) => `${DELAY}_count{kind="${kind}"} 0`),
  )
})

test('kinds that the rules add say whether they are followed up', async () => {
  const registry = new Registry()
  const kinds = [
    { kind: 'express' as OutcomeKind, untilMinutes: 5, isFollowedUp: true },
    ...builtInMessages.kinds,
  ]
  describeKinds(registry, {
    kinds,
    isFollowedUp: (kind) => kind === 'express' || builtInMessages.isFollowedUp(kind),
  })
  expect(await linesOf(registry.metrics(), 'checkout_kind_followed_up')).toEqual(
    Object.entries({ none: 0, quick: 0, slow: 1, unverified: 1, invalid: 0, express: 1 }).map(
      ([kind, value]) => `checkout_kind_followed_up{kind="${kind}"} ${value}`,
    ),
  )
})

test('the newest outcome is that of all partitions, and there is none at first', async () => {
  const viewFile = readModels.newPath()
  const readModel = readModels.open({ path: viewFile })
  const registry = new Registry()
  watchMember(registry, { lags: () => new Map(), readModelLag: () => 0, readModel, viewFile })
  const newest = () => linesOf(registry.metrics(), 'checkout_newest_outcome_timestamp_seconds')
  expect(await newest()).toEqual([])
  for (const [partition, classifiedAt] of [5_000, 9_500, 7_000].entries())
    await follow(readModel, partition, [0, 1], (offset) => ({ classifiedAt: classifiedAt + offset }))
  expect(await newest()).toEqual(['checkout_newest_outcome_timestamp_seconds 9.501'])
})

test('with keys, reading metrics requires the scope operate', async () => {
  const keys = createTestKeys()
  const operator = keys.mint('web', ['operate'])
  const reader = keys.mint('web', ['read'])
  const { get } = createTestApp(readModels.open(), keys.open().access)
  expect((await get('/metrics')).status).toBe(401)
  expect((await get('/metrics', { headers: reader.headers })).status).toBe(403)
  expect((await get('/metrics', { headers: operator.headers })).status).toBe(200)
})
