import { describe, expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'

const SHOP = 'https://shop.example'
const json = JSON.stringify(boughtQuickly)

describe('every answer, including errors', () => {
  test.each(['/health/live', '/nothing', '/notifications', '/checkout'])('of %s is no page', async (path) => {
    const { app } = startApp()
    const { headers } = await app.request(path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(['server', 'x-powered-by'].filter((name) => headers.has(name))).toEqual([])
  })

  test('a stream has its own Cache-Control', async () => {
    const { app, results } = startApp()
    const streamed = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' }
    results.mockImplementation(async () => new Response('id: c\n\n', { headers: streamed }))
    const { headers } = await app.request('/notifications/stream')
    expect(headers.get('cache-control')).toBe('no-cache, no-transform')
  })
})

describe('a page of an origin that is configured', () => {
  const { app, post, publish } = startApp({ origins: [SHOP] })

  test('may send a preflight request', async () => {
    const response = await app.request('/checkout', {
      method: 'OPTIONS',
      headers: { origin: SHOP, 'access-control-request-method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    const allowed = response.headers.get('access-control-allow-headers')
    for (const name of ['idempotency-key', 'checkout-place', 'priority', 'prefer'])
      expect(allowed).toContain(name)
  })

  test('may read the answer and the headers that it needs', async () => {
    const response = await post(json, { origin: SHOP })
    expect(response.status).toBe(202)
    expect(response.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(response.headers.get('access-control-expose-headers')).toContain('retry-after')
  })

  test('may read an error, too', async () => {
    const response = await post('{', { origin: SHOP })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([400, SHOP])
  })

  test.each(['https://shop.example.evil', 'http://shop.example', 'null'])('%s may not', async (origin) => {
    publish.mockClear()
    const response = await post(json, { origin })
    expect([response.status, publish.mock.calls]).toEqual([403, []])
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
  })

  test.each([{ origin: 'https://shop.example.evil' }, { origin: SHOP, host: 'evil.example' }])(
    'a preflight request with %j is rejected',
    async (headers) => {
      const asked = { ...headers, 'access-control-request-method': 'POST' }
      const response = await app.request('/checkout', { method: 'OPTIONS', headers: asked })
      expect([response.status, response.headers.get('x-frame-options')]).toEqual([403, 'DENY'])
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
    },
  )

  test('an OPTIONS without CORS headers is answered with the methods', async () => {
    const response = await app.request('/checkout', { method: 'OPTIONS', headers: { origin: SHOP } })
    expect(response.headers.get('allow')).toBe('POST, OPTIONS')
  })
})

test('without configured origins no page of another origin can read anything', async () => {
  const { post } = startApp()
  const response = await post(json, { origin: SHOP })
  expect(response.status).toBe(403)
  expect(response.headers.has('access-control-allow-origin')).toBe(false)
})
