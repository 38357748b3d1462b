import { describe, expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { boughtQuickly } from '../test/sample-checkouts.ts'
import { startApp } from './testing/app.ts'
import { collectLog } from './testing/log-lines.ts'

const ID = 'order-1001:a#7'
const EVENT = 'f'.repeat(32)
const json = { 'content-type': 'application/json' }
const body = JSON.stringify(boughtQuickly)
const post = (more: RequestInit = {}): RequestInit => ({ method: 'POST', headers: json, body, ...more })

const ask = (app: ReturnType<typeof startApp>['app'], path: string, init: RequestInit = {}) =>
  app.request(path, { ...init, headers: { ...(init.headers as object), 'x-request-id': ID } })

const answers: [string, number, string, RequestInit?][] = [
  ['a checkout', 202, '/checkout', post()],
  ['a batch', 202, '/checkout/batch', post({ body: `[${body},${body}]` })],
  ['a batch that is partly faulty', 207, '/checkout/batch', post({ body: `[${body},7]` })],
  ['a batch that is faulty', 422, '/checkout/batch', post({ body: '[7]' })],
  ['invalid JSON', 400, '/checkout', post({ body: '{' })],
  ['a body that is too large', 413, '/checkout', post({ body: ' '.repeat(2_000) })],
  ['a body that stops', 408, '/checkout', post({ body: new ReadableStream() })],
  ['another type', 415, '/checkout', post({ headers: {} })],
  ['no route', 404, '/nothing'],
  ['another method', 405, '/checkout', { method: 'DELETE' }],
  ['OPTIONS', 204, '/checkout', { method: 'OPTIONS' }],
  ['a foreign page', 403, '/notifications', { headers: { host: 'evil.example' } }],
  ['an invalid query', 400, '/notifications?kinds=none'],
  ['results without a processor', 503, '/notifications'],
  ['a health check', 200, '/health/live'],
  ['HEAD', 200, '/health/live', { method: 'HEAD' }],
  ['HEAD of nothing', 404, '/nothing', { method: 'HEAD' }],
  ['the metrics', 200, '/metrics'],
  ['the page of the API', 200, '/docs'],
  ['the end of a session', 204, '/session', { method: 'DELETE' }],
]

test.each(answers)('the answer to %s, %i, has the id of its request', async (_, status, path, init) => {
  const response = await ask(startApp().app, path, init)
  expect([response.status, response.headers.get('x-request-id')]).toEqual([status, ID])
})

test('a refusal before the body is read has it, and so has one without a key', async () => {
  const full = startApp()
  for (let n = 0; n < 100; n++) full.admission.enter('browse')
  const refused = await ask(full.app, '/checkout', post({ headers: { ...json, priority: 'u=5' } }))
  expect([refused.status, refused.headers.get('x-request-id')]).toEqual([503, ID])
  const keys = createTestKeys()
  keys.mint('web', ['read'])
  const unknown = await ask(startApp({ access: keys.open().access }).app, '/notifications')
  expect([unknown.status, unknown.headers.get('x-request-id')]).toEqual([401, ID])
})

test('a page of an allowed origin may send one and read it', async () => {
  const { app } = startApp({ origins: ['https://shop.example'] })
  const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' }
  const preflight = await app.request('/checkout', { method: 'OPTIONS', headers })
  expect(preflight.headers.get('access-control-allow-headers')).toContain('x-request-id')
  const response = await ask(app, '/health/live', { headers: { origin: 'https://shop.example' } })
  expect(response.headers.get('access-control-expose-headers')).toContain('x-request-id')
})

describe('the gateway forwards it to processors', () => {
  test.each(['/checkouts', '/notifications', '/notifications/stream', `/checkout/${EVENT}`])(
    'for GET %s',
    async (path) => {
      const { app, results } = startApp()
      // A processor also sets the header; the gateway's answer must have it only once.
      results.mockImplementation(async (_, id) => Response.json({}, { headers: { 'x-request-id': id } }))
      const response = await ask(app, path)
      expect([response.status, response.headers.get('x-request-id')]).toEqual([200, ID])
      expect(results.mock.calls.map(([, id]) => id)).toEqual([ID])
    },
  )

  test('for a POST that waits for its outcome', async () => {
    const { app, results } = startApp()
    await ask(app, '/checkout', post({ headers: { ...json, prefer: 'wait=1' } }))
    expect(results.mock.calls.map(([, id]) => id)).toEqual([ID])
  })

  test('a new id if the client sent none', async () => {
    const { app, results } = startApp()
    const response = await app.request('/notifications')
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    expect(results.mock.calls.map(([, id]) => id)).toEqual([response.headers.get('x-request-id')])
  })
})

describe('each line of the log about a request has it', () => {
  test('of a failure', async () => {
    const { lines, log } = collectLog('info')
    const { app, publish } = startApp({ log })
    publish.mockRejectedValue(new Error('a bug'))
    expect((await ask(app, '/checkout', post())).status).toBe(500)
    expect(lines).toEqual([expect.objectContaining({ requestId: ID, msg: 'Request failed' })])
  })

  test('of each failure within a batch, which has one id', async () => {
    const { lines, log } = collectLog('debug')
    const { app, publish } = startApp({ log })
    publish.mockRejectedValue(new Error('a bug'))
    const batch = JSON.stringify([boughtQuickly, { ...boughtQuickly, folio: 'SRZ-0001' }])
    await ask(app, '/checkout/batch', post({ body: batch }))
    expect(lines).toEqual([
      expect.objectContaining({ requestId: ID, msg: 'Request failed' }),
      expect.objectContaining({ requestId: ID, msg: 'Request failed' }),
      expect.objectContaining({ requestId: ID, path: '/checkout/batch', msg: 'answered' }),
    ])
  })
})
