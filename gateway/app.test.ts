import { Writable } from 'node:stream'
import pino from 'pino'
import { expect, test } from 'vitest'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { ProblemError, problemResponse } from '../backbone/problem.ts'
import { boughtQuickly, didNotBuy } from '../test/sample-checkouts.ts'
import { problem, startApp } from './testing/app.ts'

const json = JSON.stringify(boughtQuickly)
const EVENT = 'f'.repeat(32)

test('the answer to a checkout has its position', async () => {
  const { post } = startApp()
  const response = await post(json)
  const eventId = response.headers.get('location')?.slice('/checkout/'.length)
  expect(response.status).toBe(202)
  expect(eventId).toMatch(/^[0-9a-f]{32}$/)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.has('idempotent-replayed')).toBe(false)
  expect(await response.text()).toBe(
    `{"eventId":"${eventId}","status":"accepted","partition":3,"offset":0,"lane":"purchase"}`,
  )
})

test('corrections are reported', async () => {
  const { post, publish } = startApp()
  const response = await post(JSON.stringify({ ...boughtQuickly, nombre: ' Scarlett ', edad: '44' }))
  expect(await response.json()).toMatchObject({
    status: 'accepted',
    corrections: [
      { pointer: '/nombre', correction: 'trimmed' },
      { pointer: '/edad', correction: 'text to number' },
    ],
  })
  expect(publish.mock.calls[0]?.[0].value).toBe(json)
  expect(publish.mock.calls[0]?.[0].headers['corrections']).toBe(
    '[{"pointer":"/nombre","correction":"trimmed"},{"pointer":"/edad","correction":"text to number"}]',
  )
})

test('a checkout without corrections has no such header', async () => {
  const { post, publish } = startApp()
  await post(json)
  expect(publish.mock.calls[0]?.[0].headers).not.toHaveProperty('corrections')
})

test.each([
  ['taps 0', { taps: 0, folio: null }, 'browse'],
  ['taps null', { taps: null, folio: null }, 'browse'],
  ['taps ""', { taps: '', folio: '' }, 'browse'],
  ['neither', { taps: undefined, folio: undefined }, 'browse'],
  ['a folio without taps', { taps: null }, 'purchase'],
  ['taps without a folio', { folio: null }, 'purchase'],
])('%s is accepted', async (_, change, lane) => {
  const { post } = startApp()
  const response = await post(JSON.stringify({ ...boughtQuickly, ...change }))
  expect(response.status).toBe(202)
  expect(await response.json()).toMatchObject({ lane })
})

test('50 concurrent requests and a later one are stored once and get the same answer', async () => {
  const { post, publish } = startApp()
  const key = { 'idempotency-key': '"order-1"' }
  const together = await Promise.all(Array.from({ length: 50 }, () => post(json, key)))
  const all = [...together, await post(json, { 'idempotency-key': 'order-1' })]
  expect(publish).toHaveBeenCalledOnce()
  expect(new Set(await Promise.all(all.map((response) => response.text()))).size).toBe(1)
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([202]))
  expect(all.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(50)

  const other = await post(JSON.stringify({ ...boughtQuickly, folio: 'SRZ-0001' }), key)
  expect(other.status).toBe(422)
  expect(await other.json()).toEqual(problem('idempotency-key-reused'))
})

test('a malformed key is rejected before anything is stored', async () => {
  const { post, publish } = startApp()
  const response = await post(json, { 'idempotency-key': '' })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual(problem('invalid-request'))
  expect(publish).not.toHaveBeenCalled()
})

test('only a well-formed traceparent is stored', async () => {
  const { post, publish } = startApp()
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await post(json, { traceparent })
  await post(JSON.stringify(didNotBuy), { traceparent: 'nonsense' })
  expect(publish.mock.calls.map(([{ headers }]) => headers['traceparent'])).toEqual([traceparent, undefined])
})

test('the id of the request is stored, given or made', async () => {
  const { post, publish } = startApp()
  await post(json, { 'x-request-id': 'from-the-proxy:1' })
  const answer = await post(JSON.stringify(didNotBuy), { 'x-request-id': 'not a valid id' })
  expect(publish.mock.calls.map(([{ headers }]) => headers['received-by'])).toEqual([
    'gateway-1 from-the-proxy:1',
    `gateway-1 ${answer.headers.get('x-request-id')}`,
  ])
})

test.each(['overloaded', 'kafka-unavailable'] as const)('%s is a 503 to be tried again', async (code) => {
  const { post, publish } = startApp()
  publish.mockRejectedValueOnce(new ProblemError(code))
  const refused = await post(json)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await refused.json()).toEqual(problem(code))
  const retried = await post(json)
  expect(retried.status).toBe(202)
  expect(retried.headers.has('idempotent-replayed')).toBe(false)
})

test('an unexpected failure is logged and not revealed to the client', async () => {
  const lines: string[] = []
  const stream = new Writable({
    write(line, _, done) {
      lines.push(String(line))
      done()
    },
  })
  const { post, publish } = startApp({ log: pino(stream) })
  publish.mockRejectedValueOnce(new Error('a secret'))
  const response = await post(json)
  expect(response.status).toBe(500)
  const text = await response.text()
  expect(JSON.parse(text)).toEqual(problem('internal'))
  expect(text).not.toContain('a secret')
  expect(lines.join('')).toContain('a secret')
  expect(lines.join('')).not.toContain(boughtQuickly.email)
})

test('the processors answer for an event', async () => {
  const { app, results } = startApp()
  results.mockResolvedValueOnce(Response.json({ status: 'classified' }))
  const response = await app.request(`/checkout/${EVENT}`)
  expect(await response.json()).toEqual({ status: 'classified' })
})

const unknown = () => problemResponse(new ProblemError('unknown-event'))

test('an event unknown to the processors is accepted if this gateway accepted it', async () => {
  const { app, post, results } = startApp()
  const location = (await post(json)).headers.get('location') ?? ''
  results.mockImplementationOnce(async () => unknown())
  const notYet = await app.request(location)
  expect([notYet.status, await notYet.json()]).toEqual([200, { status: 'accepted' }])
  const poolDown = await app.request(location)
  expect([poolDown.status, await poolDown.json()]).toEqual([200, { status: 'accepted' }])

  results.mockImplementationOnce(async () => unknown())
  const notOurs = await app.request(`/checkout/${EVENT}`)
  expect([notOurs.status, await notOurs.json()]).toEqual([404, problem('unknown-event')])
  const nobodyKnows = await app.request(`/checkout/${EVENT}`)
  expect([nobodyKnows.status, await nobodyKnows.json()]).toEqual([503, problem('results-unavailable')])
})

test('an invalid event id is not looked up', async () => {
  const { app, results } = startApp()
  const response = await app.request('/checkout/..%2Fhealth')
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual(problem('unknown-event'))
  expect(results).not.toHaveBeenCalled()
})

test.each([
  '/notifications?kind=quick',
  '/notifications/stream',
  '/checkouts?folio=SRZ-5509',
  '/notifications/export?format=csv',
  '/insights/slow?since=2026-11-29T20:00:00Z',
  '/forecast',
  '/messages',
])('%s is passed on, with its trace', async (path) => {
  const tracing = { start: () => undefined, close: async () => undefined }
  const { app, results } = startApp({ tracing })
  results.mockResolvedValueOnce(new Response('passed on'))
  const trace = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00' }
  expect(await (await app.request(path, { headers: trace })).text()).toBe('passed on')
  const [request, , passedOn] = results.mock.calls[0] ?? []
  expect(new URL(request?.url ?? '').href).toContain(path)
  expect(passedOn).toEqual(trace)
})

test('is live, and ready unless a check fails', async () => {
  const { app, checks } = startApp()
  const live = await app.request('/health/live')
  expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }])
  const ready = await app.request('/health/ready')
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ready', checks: [{ name: 'kafka', status: 'pass' }] },
  ])
  const doubtful: HealthCheck = { name: 'processors', status: 'warn', detail: '1 of 2 does not answer' }
  checks.mockReturnValueOnce([doubtful])
  expect((await app.request('/health/ready')).status).toBe(200)
  const failed: HealthCheck = { name: 'kafka', status: 'fail', detail: 'Kafka does not answer' }
  checks.mockReturnValueOnce([failed, doubtful])
  const response = await app.request('/health/ready')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    type: 'urn:problem-type:checkout:not-ready',
    detail: 'Kafka does not answer',
    checks: [failed, doubtful],
  })
})

test.each(['/console', '/checkoutz', '/checkout/a/b'])('%s is not found', async (path) => {
  const response = await startApp().app.request(path)
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toEqual(problem('not-found'))
})

test.each([
  ['/checkout', ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'], 'POST, OPTIONS'],
  [`/checkout/${EVENT}`, ['POST', 'PUT', 'DELETE'], 'GET, HEAD, OPTIONS'],
  ['/checkouts', ['POST', 'DELETE'], 'GET, HEAD, OPTIONS'],
  ['/notifications', ['POST'], 'GET, HEAD, OPTIONS'],
  ['/notifications/stream', ['POST'], 'GET, HEAD, OPTIONS'],
  ['/notifications/export', ['POST'], 'GET, HEAD, OPTIONS'],
  ['/insights/slow', ['POST'], 'GET, HEAD, OPTIONS'],
  ['/dead-letters', ['POST'], 'GET, HEAD, OPTIONS'],
  ['/dead-letters/redrive', ['GET', 'HEAD', 'DELETE'], 'POST, OPTIONS'],
  ['/dead-letters/a/redrive', ['GET', 'HEAD', 'DELETE'], 'POST, OPTIONS'],
  ['/health/live', ['POST'], 'GET, HEAD, OPTIONS'],
  ['/health/ready', ['POST'], 'GET, HEAD, OPTIONS'],
])('%s lists its methods', async (path, refused, allow) => {
  const { app } = startApp()
  for (const method of refused) {
    const response = await app.request(path, { method })
    expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, allow])
    const text = await response.text()
    if (method === 'HEAD') expect(text).toBe('')
    else expect(JSON.parse(text)).toEqual(problem('method-not-allowed'))
  }
  const options = await app.request(path, { method: 'OPTIONS' })
  expect([options.status, options.headers.get('allow')]).toEqual([204, allow])
})

test('HEAD is GET without a body', async () => {
  const response = await startApp().app.request('/health/live', { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([200, ''])
})
