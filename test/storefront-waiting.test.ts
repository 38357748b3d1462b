import { expect, test, vi } from 'vitest'
import { boughtQuickly } from './sample-checkouts.ts'
import { keptOf, send, useStorefront, waitsOf } from './storefront-shop.ts'

const { openShop, serve, startGateway, startAnswering } = useStorefront()

const later = { 'retry-after': '1' }

test.concurrent.each([
  ['503 with Retry-After', 503, later, 'overloaded'],
  ['429 with Retry-After', 429, later, 'overloaded'],
  ['503 without', 503, {}, 'refused'],
  ['429 without', 429, {}, 'refused'],
  ['500', 500, {}, 'refused'],
  ['502 with Retry-After', 502, later, 'refused'],
  ['520, as a proxy gives for a gateway that is away', 520, {}, 'refused'],
])('onWait gives the reason: %s', async (_, status, headers, reason) => {
  const { url } = startAnswering(new Response('', { status, headers }))
  const { answer, waits } = await send(await openShop(url), '', boughtQuickly)
  expect(answer?.status).toBe('accepted')
  expect(waits).toEqual([
    { attempts: 1, pauseMs: expect.any(Number), keepsPlace: false, reason, status, silentMs: 0 },
  ])
  if (reason === 'overloaded') expect(waits[0]?.pauseMs).toBeGreaterThan(900)
})

test.concurrent.each([
  ['nobody listens', () => 'http://127.0.0.1:1'],
  ['the host has no address', () => 'http://nobody.invalid'],
  ["the page's origin is not allowed", () => startGateway().url],
  [
    'a CDN answers without CORS headers',
    () => serve(() => new Response('', { status: 503, headers: later })),
  ],
  ['the answer breaks off', () => serve(brokenOff)],
])('onWait reports that nothing answers: %s', async (_, gateway) => {
  const { url } = startAnswering()
  const waits = await waitsOf(await openShop(url), gateway(), boughtQuickly, 3)
  expect(waits.map(({ attempts, reason, status }) => [attempts, reason, status])).toEqual(
    [1, 2, 3].map((attempts) => [attempts, 'unreachable', undefined]),
  )
  const [first, second, third] = waits.map(({ silentMs }) => silentMs)
  expect([first, second, third]).toEqual([first, second, third].toSorted((a = 0, b = 0) => a - b))
  // Two pauses, of half a second and of one.
  expect(third).toBeGreaterThan(1_400)
})

const corsHeaders = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': 'content-type, idempotency-key, prefer, priority',
})

function brokenOff(request: Request): Response {
  const headers = corsHeaders(request.headers.get('origin') ?? '')
  return request.method === 'OPTIONS'
    ? new Response(null, { status: 204, headers })
    : new Response('{"eventId":"ab', { status: 202, headers })
}

test.concurrent('after ten seconds without any answer onWait is called, while the request is in flight', async () => {
  const { url } = startAnswering()
  const silent = serve(() => new Promise(() => {}))
  const [call] = await waitsOf(await openShop(url), silent, boughtQuickly, 1)
  expect(call).toMatchObject({ attempts: 1, pauseMs: 0, reason: 'unreachable' })
  expect(call?.silentMs).toBeGreaterThanOrEqual(10_000)
  expect(call?.silentMs).toBeLessThan(15_000)
})

test.concurrent('after ten seconds of refused connections onWait is called in the middle of a pause', async () => {
  const { url } = startAnswering()
  const waits = await waitsOf(await openShop(url), 'http://127.0.0.1:1', boughtQuickly, 6)
  const calls = waits.filter(({ silentMs }) => silentMs >= 10_000)
  // The fifth pause takes eight seconds, and began after seven and a half.
  expect(calls).toMatchObject([{ attempts: 5, reason: 'unreachable' }])
  expect(calls[0]?.pauseMs).toBeGreaterThan(1_000)
})

test.concurrent('an answer ends the silence', async () => {
  const { url } = startAnswering()
  let answers = 0
  const gateway = serve((request) => {
    // A page can only read an answer that allows its origin.
    const origin = request.method === 'POST' && answers++ === 0 ? '' : url
    return new Response('', { status: request.method === 'POST' ? 500 : 204, headers: corsHeaders(origin) })
  })
  const waits = await waitsOf(await openShop(url), gateway, boughtQuickly, 2)
  expect(waits.map(({ reason }) => reason)).toEqual(['unreachable', 'refused'])
  expect(waits[1]?.silentMs).toBe(0)
})

test.concurrent('an offline browser waits, and sends when it is online again', async () => {
  const { shop, url } = startGateway()
  const page = await openShop(shop)
  await page.setOfflineMode(true)
  const sending = send(page, url, boughtQuickly)
  await vi.waitFor(async () => {
    expect(await keptOf(page)).toHaveProperty('body')
  })
  await page.setOfflineMode(false)
  const { answer, waits } = await sending
  expect(answer?.status).toBe('accepted')
  for (const { reason } of waits) expect(reason).toBe('unreachable')
})
