import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createAccess } from '../backbone/access/authenticate.ts'
import { createStartingApp } from './starting-app.ts'

const app = createStartingApp({
  access: createAccess(undefined),
  allowedHosts: [],
  checks: () => [],
  onError: () => expect.unreachable(),
  registry: new Registry(),
})
const id = { 'x-request-id': 'request-1' }

test.each([
  ['/health/live', 200],
  ['/notifications', 503],
  ['/nothing', 404],
])('%s is answered with %i and the request id', async (path, status) => {
  const response = await app.request(path, { headers: { ...id, host: 'localhost:8090' } })
  expect([response.status, response.headers.get('x-request-id')]).toEqual([status, 'request-1'])
})

test.each([
  ['GET', '/forecast'],
  ['POST', '/forecast/events'],
  ['DELETE', '/forecast/events/0123456789abcdef'],
])('%s %s lets a gateway ask another processor', async (method, path) => {
  expect((await app.request(path, { method, headers: { host: 'localhost:8090' } })).status).toBe(503)
})

test.each(['/health/live', '/notifications', '/metrics'])(
  '%s rejects other host names and pages of other sites',
  async (path) => {
    for (const foreign of [{ host: 'evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const response = await app.request(path, { headers: { ...id, ...foreign } })
      expect([response.status, response.headers.get('x-request-id')]).toEqual([403, 'request-1'])
    }
  },
)
