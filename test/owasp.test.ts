import { sign } from 'hono/jwt'
import { beforeEach, expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { describeApi } from '../gateway/openapi/describe-api.ts'
import { startApp } from '../gateway/testing/app.ts'
import { createTestApp } from '../processor/testing/apps.ts'
import { createTestReadModels } from '../processor/testing/read-models.ts'
import { outcomeRecord } from '../processor/testing/records.ts'
import { boughtQuickly } from './sample-checkouts.ts'

// The OWASP API Security Top 10 of 2023: https://owasp.org/API-Security/editions/2023/en/0x11-t10/

const readModels = createTestReadModels()
const keys = createTestKeys()
const web = keys.mint('web', ['write', 'read'])
const reader = keys.mint('web', ['read'])
const slow = keys.mint('web', ['write'], { rate: 0.1 })
const customer = boughtQuickly.id
let ask: (path: string, init?: RequestInit) => Promise<Response>
let stored: () => string

beforeEach(async () => {
  const { access } = keys.open()
  const readModel = readModels.open()
  const records = ['web', 'app'].map((owner, n) =>
    outcomeRecord(0, n, { owner, eventId: `event-of-${owner}`, customer }),
  )
  await readModel.append(0, { records, next: 2, resume: 2, log: 'aaaaaaaa' })
  const processor = createTestApp(readModel, access)
  const gateway = startApp({ access, origins: ['https://shop.example'] })
  gateway.results.mockImplementation(async ({ url, headers }) => {
    const { pathname, search } = new URL(url)
    return processor.get(pathname + search, { headers })
  })
  ask = async (path, init) => gateway.app.request(path, init)
  stored = () => gateway.publish.mock.lastCall?.[0].value ?? ''
})

const post = (
  key: { headers: Record<string, string> },
  body: object | string,
  headers: Record<string, string> = {},
) =>
  ask('/checkout', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...key.headers, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const get = (path: string, key: { headers: Record<string, string> }) => ask(path, { headers: key.headers })
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const rows: [
  risk: string,
  tried: string,
  attempt: () => Promise<Response>,
  status: number,
  holds?: (text: string, response: Response) => void,
][] = [
  ['API1 object level authorization', "another owner's event", () => get('/checkout/event-of-app', web), 404],
  [
    'API1 object level authorization',
    'a list of all',
    () => get('/notifications?from=earliest', web),
    200,
    (text) => expect(text).not.toContain('event-of-app'),
  ],
  [
    'API1 object level authorization',
    "another customer's events, with a token for one",
    async () =>
      get(
        `/notifications?customer=${customer}`,
        bearer(await sign({ iss: web.id, sub: 'a'.repeat(24), exp: inAnHour() }, web.hash, 'HS256')),
      ),
    403,
  ],
  ['API2 authentication', 'no credential', () => ask('/notifications'), 401],
  ['API2 authentication', 'one in the query', () => ask(`/notifications?access_token=${web.bearer}`), 401],
  [
    'API2 authentication',
    'an unsigned token',
    () =>
      get('/notifications', bearer(`${part({ alg: 'none' })}.${part({ iss: web.id, exp: inAnHour() })}.`)),
    401,
  ],
  [
    'API2 authentication',
    "another owner's name in a signed token",
    async () =>
      get(
        '/checkout/event-of-app',
        bearer(await sign({ iss: web.id, owner: 'app', exp: inAnHour() }, web.hash, 'HS256')),
      ),
    404,
  ],
  [
    'API3 object property level authorization',
    'fields that the schema does not have',
    () => post(web, { ...boughtQuickly, owner: 'app', kind: 'quick' }),
    202,
    () => expect(JSON.parse(stored())).toEqual(boughtQuickly),
  ],
  [
    'API3 object property level authorization',
    'personal data without the scope',
    () => get('/checkout/event-of-web', reader),
    200,
    (text) => {
      for (const personal of [boughtQuickly.apellido, boughtQuickly.email, boughtQuickly.telefono])
        expect(text).not.toContain(personal)
    },
  ],
  ['API4 resource consumption', 'a body beyond the limit', () => post(web, ' '.repeat(1_001)), 413],
  ['API4 resource consumption', 'a page of a million', () => get('/notifications?limit=1000000', web), 400],
  [
    'API4 resource consumption',
    'a batch of 1,001',
    () =>
      ask('/checkout/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...web.headers },
        body: JSON.stringify(Array.from({ length: 1_001 }, () => 0)),
      }),
    422,
  ],
  [
    'API5 function level authorization',
    'writing with a key that reads',
    () => post(reader, boughtQuickly),
    403,
  ],
  [
    'API5 function level authorization',
    'another method',
    () => ask('/checkout/event-of-web', { method: 'DELETE', headers: web.headers }),
    405,
  ],
  [
    'API6 sensitive business flows',
    'the same purchase again and again',
    async () => {
      await post(web, boughtQuickly, { 'idempotency-key': 'once' })
      return post(web, boughtQuickly, { 'idempotency-key': 'once' })
    },
    202,
    (_, { headers }) => expect(headers.get('idempotent-replayed')).toBe('true'),
  ],
  [
    'API6 sensitive business flows',
    'more than its rate',
    async () => {
      await post(slow, boughtQuickly)
      return post(slow, boughtQuickly)
    },
    429,
  ],
  [
    'API7 server side request forgery',
    'an address in the path',
    () => get('//evil.example/notifications', web),
    404,
  ],
  [
    'API7 server side request forgery',
    'another host',
    () =>
      ask('http://evil.example/checkout/event-of-web', { headers: { ...web.headers, host: 'evil.example' } }),
    200,
    (text) => expect(text).toContain('event-of-web'),
  ],
  [
    'API8 security misconfiguration',
    'the headers for browsers',
    () => get('/notifications', { headers: { ...web.headers, origin: 'https://evil.example' } }),
    200,
    (_, { headers }) => {
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null])
    },
  ],
  [
    'API8 security misconfiguration',
    'a fault of ours',
    () => post(web, '{"a":'),
    400,
    (text) => expect(text).not.toMatch(/\n\s*at |node_modules|\.ts/),
  ],
  ['API9 inventory', 'an older version', () => get('/v1/checkout', web), 404],
  ['API9 inventory', 'what operators may have', () => get('/metrics', web), 403],
]

test.each(rows)('%s: %s', async (_, __, attempt, status, holds) => {
  const response = await attempt()
  const text = await response.text()
  expect(response.status, text).toBe(status)
  holds?.(text, response)
})

test('API9 inventory: every route is documented, and every documented one is there', () => {
  const { app: gateway } = startApp()
  const documented = Object.entries(describeApi().paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  const routes = gateway.routes
    // The others are middleware, which applies to several routes.
    .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
    .map(({ method, path }) => `${method} ${path}`)
  const described = ['GET /docs', 'GET /docs/:asset', 'GET /openapi.json']
  const pages = [
    'GET /',
    'GET /console/members',
    'GET /console/forecast',
    'GET /console/checkouts',
    'GET /console/checkouts/:eventId{[A-Za-z0-9_-]{1,192}}',
    'GET /console/insights',
    'GET /console/dead-letters',
    'GET /console/notifications',
    'GET /console/messages',
    'GET /console/assets/script.js',
    'GET /console/assets/overview.js',
    'GET /console/assets/members.js',
    'GET /console/assets/forecast.js',
    'GET /console/assets/checkouts.js',
    'GET /console/assets/checkout.js',
    'GET /console/assets/insights.js',
    'GET /console/assets/dead-letters.js',
    'GET /console/assets/notifications.js',
    'GET /console/assets/messages.js',
    'GET /console/assets/style.css',
    // All others: not found.
    'GET /console/*',
  ]
  expect(new Set(routes)).toEqual(new Set([...documented, ...described, ...pages]))
})

test('API10 unsafe consumption: an answer of a processor is forwarded without internal headers', async () => {
  const { app: gateway, results } = startApp()
  results.mockImplementation(
    async () => new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } }),
  )
  const { headers } = await gateway.request('/notifications')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})
