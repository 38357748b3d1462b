import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { problemResponse, toProblem } from '../problem.ts'
import { checkSessionRequests, rejectForeignRequests } from './reject-foreign-requests.ts'

const HERE = 'localhost:8080'
const SHOP = 'http://localhost:5173'

const app = new Hono()
app.use(rejectForeignRequests({ hosts: ['shop.internal', 'fd00::1'], origins: [SHOP] }))
app.all('/', (context) => context.text('ok'))
app.onError((error) => problemResponse(toProblem(error)))

async function ask(headers: Record<string, string>, method = 'GET') {
  const response = await app.request('/', { method, headers })
  if (response.status === 200) return 'accepted'
  expect([response.status, response.headers.get('content-type')]).toEqual([403, 'application/problem+json'])
  const { type, detail } = (await response.json()) as { type: string; detail: string }
  expect(type).toBe('urn:problem-type:checkout:forbidden')
  return detail
}

describe('the host name', () => {
  test.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST:1',
    '127.0.0.1:8080',
    '127.8.9.10',
    '[::1]',
    '[::1]:8080',
    'shop.internal',
    'Shop.Internal:443',
    '[fd00::1]:80',
    // HTTP/1.0 health checks.
    '',
  ])('%j is accepted', async (host) => {
    expect(await ask({ host })).toBe('accepted')
  })

  test.each([
    ['evil.example:8080', 'evil.example'],
    ['127.0.0.1.evil.example', '127.0.0.1.evil.example'],
    ['localhost.evil.example', 'localhost.evil.example'],
    ['evil.localhost', 'evil.localhost'],
    ['localhost.', 'localhost.'],
    ['evil.example.:8080', 'evil.example.'],
    ['EVIL.example', 'evil.example'],
    ['[::ffff:7f00:1]:8080', '::ffff:7f00:1'],
    ['::1', '::1'],
    ['2130706433', '2130706433'],
    ['other.shop.internal', 'other.shop.internal'],
    ['192.168.1.4:8080', '192.168.1.4'],
    ['[::2]:8080', '::2'],
    ['0.0.0.0:8080', '0.0.0.0'],
    ['localhost:8080@evil.example', 'localhost:8080@evil.example'],
    ['localhost, evil.example', 'localhost, evil.example'],
    ['127.0.0.1:8080:1', '127.0.0.1:8080:1'],
  ])('%j is rejected, and the answer names the setting', async (host, name) => {
    expect(await ask({ host })).toBe(`The host name ${name} is not in ALLOWED_HOSTS`)
  })

  test('is checked for same-origin requests and typed addresses too', async () => {
    const sameOrigin = { 'sec-fetch-site': 'same-origin', origin: 'http://evil.example:8080' }
    expect(await ask({ host: 'evil.example:8080', ...sameOrigin }, 'POST')).toContain('ALLOWED_HOSTS')
    const typed = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect(await ask({ host: 'evil.example:8080', ...typed })).toContain('ALLOWED_HOSTS')
  })
})

const EVIL = 'http://evil.example'
const link = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

describe('a request from', () => {
  test.each<[string, string, Record<string, string>]>([
    ['curl', 'POST', {}],
    ['an own page', 'POST', { origin: `http://${HERE}`, 'sec-fetch-site': 'same-origin' }],
    ['an own page without a referrer', 'POST', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['an own page in an old browser', 'POST', { origin: `http://${HERE}` }],
    ['an own page behind a proxy with TLS, in an old browser', 'POST', { origin: `https://${HERE}` }],
    ['an own page, reading', 'GET', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['a typed address', 'GET', { ...link, 'sec-fetch-site': 'none' }],
    ['a link on another site', 'GET', link],
    ['a page of an allowed origin, HEAD', 'HEAD', { origin: SHOP, 'sec-fetch-site': 'same-site' }],
    [
      'a page of an allowed origin, preflight',
      'OPTIONS',
      { origin: SHOP, 'sec-fetch-site': 'cross-site', 'access-control-request-method': 'POST' },
    ],
    ['an own EventSource', 'GET', { 'sec-fetch-site': 'same-origin', accept: 'text/event-stream' }],
    ['a page of an allowed origin on this machine', 'POST', { origin: SHOP, 'sec-fetch-site': 'same-site' }],
    ['a page of an allowed origin on another site', 'GET', { origin: SHOP, 'sec-fetch-site': 'cross-site' }],
  ])('%s is accepted', async (_, method, headers) => {
    expect(await ask({ host: HERE, ...headers }, method)).toBe('accepted')
  })
})

describe('from a page of another origin,', () => {
  test.each<[string, string, Record<string, string>]>([
    ['a read', 'GET', { origin: EVIL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
    [
      'a read without access to the answer',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ],
    ['a POST', 'POST', { origin: EVIL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a form', 'POST', { ...link, origin: EVIL }],
    ['a form with a hidden origin', 'POST', { ...link, origin: 'null' }],
    ['a frame', 'GET', { ...link, 'sec-fetch-dest': 'iframe' }],
    ['an object', 'GET', { ...link, 'sec-fetch-dest': 'object' }],
    [
      'a POST from another port of this machine',
      'POST',
      { origin: 'http://localhost:81', 'sec-fetch-site': 'same-site' },
    ],
    ['an image from another port of this machine', 'GET', { 'sec-fetch-site': 'same-site' }],
    ['a POST in an old browser', 'POST', { origin: EVIL }],
    ['a POST from a file or a sandbox', 'POST', { origin: 'null' }],
    ['a preflight', 'OPTIONS', { origin: EVIL, 'access-control-request-method': 'POST' }],
  ])('%s is rejected, and the answer names the setting', async (_, method, headers) => {
    expect(await ask({ host: HERE, ...headers }, method)).toContain('CORS_ORIGINS')
  })
})

describe('with a session,', () => {
  const check = checkSessionRequests([SHOP])
  const guarded = new Hono()
  guarded.use(({ req }, next) => {
    const found = check(req)
    if (found) throw found
    return next()
  })
  guarded.all('/', (context) => context.text('ok'))
  guarded.onError((error) => problemResponse(toProblem(error)))
  const cookie = '__Host-session=a.b.c'
  const sibling = { origin: 'https://blog.shop.example', 'sec-fetch-site': 'same-site' }
  const send = async (headers: Record<string, string>, method = 'POST') =>
    (await guarded.request('/', { method, headers: { host: 'checkout.shop.example', ...headers } })).status

  test.each<[string, Record<string, string>]>([
    ['another page of the same site', sibling],
    ['one in an old browser', { origin: 'https://blog.shop.example' }],
    ['a page of another site', { origin: EVIL, 'sec-fetch-site': 'cross-site' }],
  ])('%s cannot act', async (_, headers) => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect(await send({ cookie, ...headers }, method)).toBe(403)
  })

  test.each<[string, Record<string, string>, string?]>([
    ['an own page', { cookie, origin: 'https://checkout.shop.example', 'sec-fetch-site': 'same-origin' }],
    ['an allowed origin', { cookie, origin: SHOP, 'sec-fetch-site': 'same-site' }],
    ['a program', { cookie }],
    ['a read, whose answer the browser hides', { cookie, ...sibling }, 'GET'],
    ['a page that has its own key', { cookie, ...sibling, authorization: 'Bearer key' }],
    ['a page without a session', { cookie: 'theme=dark', ...sibling }],
  ])('%s is accepted', async (_, headers, method) => {
    expect(await send(headers, method)).toBe(200)
  })
})
