import { describe, expect, test } from 'vitest'
import { boughtQuickly } from '../test/sample-checkouts.ts'
import { problem, startApp } from './testing/app.ts'

const EVENT = 'f'.repeat(32)

describe('an invalid query', () => {
  test.each([
    [
      '/notifications?customr=062292fd7b7e3e688f29418e',
      'customr is not a parameter of this route: did you mean customer?',
    ],
    ['/notifications/stream?kinds=none', 'kinds is not a parameter of this route: did you mean kind?'],
    ['/notifications/?limit=1&limit=2', 'limit may be given only once'],
    [
      '/notifications/stream/?since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z',
      'since must be before until',
    ],
    ['/notifications/export?format=xlsx', 'format must be ndjson or csv'],
    [
      '/notifications/export?limit=5',
      'limit is not a parameter of this route: it has kind, owner, customer, folio, product, since, until, format',
    ],
    [
      '/notifications/export?since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z',
      'since must be before until',
    ],
    ['/notifications?cursor=%zz', 'the query is not UTF-8 in percent-encoding'],
    [
      '/checkouts?idempotencyKey=order-1',
      'idempotencyKey requires customer: only both together name an event',
    ],
    [`/checkout/${EVENT}?wait=5`, 'wait is not a parameter of this route: it has none'],
  ])('%s is rejected without asking a processor', async (path, detail) => {
    const { app, results } = startApp()
    for (const method of ['GET', 'HEAD']) {
      const response = await app.request(path, { method })
      expect(response.status).toBe(400)
      if (method === 'HEAD') continue
      expect(await response.json()).toEqual(problem('invalid-request'))
      expect(await (await app.request(path)).json()).toMatchObject({ detail })
    }
    expect(results).not.toHaveBeenCalled()
  })

  test('is ignored where it has no effect: a purchase, a health check, documentation', async () => {
    const { app } = startApp()
    const body = JSON.stringify(boughtQuickly)
    const headers = { 'content-type': 'application/json' }
    expect((await app.request('/checkout?utm_source=x', { method: 'POST', headers, body })).status).toBe(202)
    for (const path of [
      '/health/live?_=1',
      '/health/ready?_=1',
      '/metrics?a=1',
      '/docs?a=1',
      '/openapi.json?a=1',
    ]) {
      expect([path, (await app.request(path)).status]).toEqual([path, 200])
    }
  })

  test('a valid one is forwarded unchanged', async () => {
    const { app, results } = startApp()
    results.mockImplementation(async () => Response.json({}))
    const query = '?kind=none&kind=quick,slow&since=2026-11-23T00:00:00%2B03:00&lastEventId=AQA'
    expect((await app.request(`/notifications${query}`)).status).toBe(200)
    expect(results.mock.calls[0]?.[0].url).toBe(`http://localhost/notifications${query}`)
  })
})

describe('a slash at the end changes nothing', () => {
  test.each(['/checkout', '/checkout/batch'])('POST %s/', async (path) => {
    const { app, publish } = startApp()
    const body = JSON.stringify(path.endsWith('batch') ? [boughtQuickly] : boughtQuickly)
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    const response = await app.request(`${path}/`, init)
    expect(response.status).toBe(202)
    expect(response.headers.has('location')).toBe(path === '/checkout')
    expect(publish).toHaveBeenCalledOnce()
  })

  test.each([
    `/checkout/${EVENT}`,
    '/checkouts',
    '/notifications',
    '/notifications/stream',
    '/notifications/export',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/checkout',
    '/nothing',
  ])('GET %s/', async (path) => {
    const { app, results } = startApp()
    results.mockImplementation(async () => Response.json({ asked: 'a processor' }))
    const [plain, slashed] = [await app.request(path), await app.request(`${path}/`)]
    expect([slashed.status, slashed.headers.get('allow')]).toEqual([plain.status, plain.headers.get('allow')])
    const text = async (response: Response) =>
      (await response.text()).replaceAll(/nonce="[^"]*"|(?<=csp-nonce" )content="[^"]*"/g, '')
    if (path !== '/metrics') expect(await text(slashed)).toBe(await text(plain))
  })

  test('DELETE /session/', async () => {
    expect((await startApp().app.request('/session/', { method: 'DELETE' })).status).toBe(204)
  })
})
