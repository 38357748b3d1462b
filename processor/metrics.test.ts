import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { watchMember } from './metrics.ts'
import { createTestApp } from './testing/apps.ts'
import { createTestReadModels } from './testing/read-models.ts'

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
  watchMember(registry, { lags: () => lags, readModelLag: () => 3 })
  expect(await linesOf(registry.metrics(), 'checkout_')).toEqual([
    'checkout_consumer_lag_records{partition="0"} 7',
    'checkout_view_lag_records 3',
  ])
  lags.clear()
  lags.set(4, 1)
  expect(await linesOf(registry.metrics(), 'checkout_consumer')).toEqual([
    'checkout_consumer_lag_records{partition="4"} 1',
  ])
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
