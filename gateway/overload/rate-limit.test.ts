import { expect, test } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { startApp } from '../testing/app.ts'

const json = { 'content-type': 'application/json' }

function addressed(trustedProxies = 0) {
  const { app } = startApp({ addressRate: { rate: 0.2, trustedProxies } })
  return (peer: string, forwarded?: string) =>
    app.request(
      '/checkout',
      { method: 'POST', headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } },
      { address: () => peer },
    )
}

const statuses = async (...responses: (Response | Promise<Response>)[]) =>
  (await Promise.all(responses.map(async (response) => response))).map(({ status }) => status)

test('an address over its rate learns when to retry, before any other check', async () => {
  const ask = addressed()
  // 415: it was admitted.
  const first = await ask('192.0.2.7')
  expect(first.status).toBe(415)
  expect(first.headers.get('ratelimit-policy')).toBe('"address";q=2;w=10')
  expect(first.headers.get('ratelimit')).toBe('"address";r=1;t=5')
  await ask('192.0.2.7')
  const refused = await ask('192.0.2.7')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('ratelimit')).toBe('"address";r=0;t=5')
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect(await refused.json()).toMatchObject({ type: 'urn:problem-type:checkout:rate-limited' })
  expect((await ask('192.0.2.8')).status).toBe(415)
})

test('behind a proxy it is the address that the proxy saw, ignoring what the client wrote', async () => {
  const ask = addressed(1)
  const proxy = '10.0.0.1'
  for (const forged of ['1.1.1.1, ', '2.2.2.2,', '']) await ask(proxy, `${forged}192.0.2.7`)
  expect((await ask(proxy, '3.3.3.3, 192.0.2.7')).status).toBe(429)
  expect((await ask(proxy, '192.0.2.7, 192.0.2.8')).status).toBe(415)
  // A client that bypasses the proxy counts by its own address.
  expect(await statuses(ask(proxy), ask(proxy), ask(proxy))).toEqual([415, 415, 429])
})

test('a port from a proxy is ignored; an unreadable address counts for the proxy', async () => {
  const ask = addressed(1)
  const ports = ['192.0.2.7:4711', '192.0.2.7:4712', '192.0.2.7:4713']
  expect(await statuses(...ports.map((told) => ask('10.0.0.1', told)))).toEqual([415, 415, 429])
  const nonsense = ['unknown', '_hidden', '']
  expect(await statuses(...nonsense.map((told) => ask('10.0.0.2', told)))).toEqual([415, 415, 429])
})

test('without a proxy the header is ignored', async () => {
  const ask = addressed()
  expect(
    await statuses(ask('192.0.2.7', '1.1.1.1'), ask('192.0.2.7', '2.2.2.2'), ask('192.0.2.7', '3.3.3.3')),
  ).toEqual([415, 415, 429])
})

test('a key has the rate of its entry for all routes together; another key has its own', async () => {
  const keys = createTestKeys()
  const limited = keys.mint('web', ['write', 'read'], { rate: 0.2 })
  const free = keys.mint('web', ['write', 'read'])
  const { app, results } = startApp({ access: keys.open().access })
  results.mockImplementation(async () => Response.json({}))
  const post = await app.request('/checkout', {
    method: 'POST',
    headers: { ...json, ...limited.headers },
    body: '{',
  })
  expect(post.status).toBe(400)
  expect(post.headers.get('ratelimit')).toBe('"key";r=1;t=5')
  const get = () => app.request('/notifications', { headers: limited.headers })
  expect((await get()).headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/)
  const refused = await get()
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(results).toHaveBeenCalledOnce()
  const unlimited = await app.request('/notifications', { headers: free.headers })
  expect([unlimited.status, unlimited.headers.get('ratelimit')]).toEqual([200, null])
})

test('health requests are never limited', async () => {
  const { app } = startApp({ addressRate: { rate: 0.1, trustedProxies: 0 } })
  const ask = async () => (await app.request('/health/live', {}, { address: () => '192.0.2.7' })).status
  for (let n = 0; n < 5; n++) expect(await ask()).toBe(200)
})
