import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fetchClientToken } from './client-credentials.ts'

let answer: RequestListener
const server = createServer((request, response) => answer(request, response))
let tokenUrl: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
})
afterAll(() => void server.close())

const json =
  (status: number, body: object, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

const SECRET = 'se:cret of tests%'
const fetchToken = (more: { scope?: string; tokenUrl?: string } = {}) =>
  fetchClientToken({ tokenUrl, clientId: 'shop', scope: undefined, secret: SECRET, ca: undefined, ...more })

beforeEach(() => {
  answer = json(200, { access_token: 'the-token', token_type: 'Bearer', expires_in: 60 })
})

test('asks as RFC 6749 says, and the lifetime counts from the request', async () => {
  let seen: { authorization: string | undefined; type: string | undefined; body: string } | undefined
  const granted = answer
  answer = (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      seen = { authorization: request.headers.authorization, type: request.headers['content-type'], body }
      granted(request, response)
    })
  }
  const before = Date.now()
  const { value, expiresAt } = await fetchToken({ scope: 'kafka' })
  expect(value).toBe('the-token')
  expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000)
  expect(expiresAt).toBeLessThanOrEqual(Date.now() + 60_000)
  // Section 2.3.1: user and password of Basic are encoded as form fields.
  const basic = Buffer.from('shop:se%3Acret+of+tests%25').toString('base64')
  expect(seen?.authorization).toBe(`Basic ${basic}`)
  expect(seen?.type).toMatch(/^application\/x-www-form-urlencoded/)
  expect(Object.fromEntries(new URLSearchParams(seen?.body))).toEqual({
    grant_type: 'client_credentials',
    scope: 'kafka',
  })
})

test.each([
  [
    'wrong credentials',
    json(401, { error: 'invalid_client', error_description: 'no such client' }),
    'refused client "shop", saying "invalid_client: no such client"',
    'KAFKA_OAUTH_CLIENT_ID and KAFKA_OAUTH_CLIENT_SECRET_FILE',
  ],
  [
    'wrong credentials, with a challenge',
    json(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="tokens"' }),
    'refused client "shop" (401)',
    'KAFKA_OAUTH_CLIENT_ID and KAFKA_OAUTH_CLIENT_SECRET_FILE',
  ],
  [
    'a wrong scope',
    json(400, { error: 'invalid_scope' }),
    'refused client "shop", saying "invalid_scope"',
    'KAFKA_OAUTH_SCOPE',
  ],
  ['a failure', json(503, {}), 'gave no token (503)', 'KAFKA_OAUTH_TOKEN_URL'],
  [
    'an answer that is no token',
    json(200, { access_token: '', token_type: 'Bearer' }),
    'gave no token (OAUTH_INVALID_RESPONSE)',
    'KAFKA_OAUTH_TOKEN_URL',
  ],
  [
    'a page',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('the-token'),
    'gave no token (OAUTH_RESPONSE_IS_NOT_JSON)',
    'KAFKA_OAUTH_TOKEN_URL',
  ],
] as [string, RequestListener, string, string][])(
  '%s is explained without the secret',
  async (_, listener, what, check) => {
    answer = listener
    const error = await fetchToken({ scope: 'kafka' }).catch((rejected: unknown) => rejected)
    expect(error).toMatchObject({ message: `The token endpoint ${tokenUrl} ${what}`, check })
    expect(String(error)).not.toContain(SECRET)
  },
)

test('an endpoint that is down is named', async () => {
  const down = 'http://127.0.0.1:1/token'
  await expect(fetchToken({ tokenUrl: down })).rejects.toMatchObject({
    message: `The token endpoint ${down} gave no token (ECONNREFUSED)`,
    check: 'KAFKA_OAUTH_TOKEN_URL',
  })
})
