import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createAccess } from '../backbone/access/authenticate.ts'
import { createStartingApp } from './starting-app.ts'
import { createTestApp } from './testing/apps.ts'
import { createTestReadModels } from './testing/read-models.ts'

const readModels = createTestReadModels()

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

test('every route of the app that follows lets a gateway ask another processor', async () => {
  const { routes } = createTestApp(readModels.open())
  const own = routes.filter(
    ({ method, path }) =>
      ['GET', 'POST', 'DELETE'].includes(method) && !/^\/(?:\*|health|metrics)/.test(path),
  )
  const asked = new Map(own.map(({ method, path }) => [`${method} ${path}`, { method, path }]))
  expect(asked.size).toBeGreaterThan(15)
  for (const [route, { method, path }] of asked) {
    const response = await app.request(path.replace(':id', 'a').replace(':eventId', 'a'), {
      method,
      headers: { host: 'localhost:8090' },
    })
    expect([route, response.status]).toEqual([route, 503])
  }
})

test.each([
  ['POST', '/messages', 405],
  ['GET', '/messages/preview', 405],
  ['GET', '/forecast/events', 405],
])('%s %s is answered with %i', async (method, path, status) => {
  expect((await app.request(path, { method, headers: { host: 'localhost:8090' } })).status).toBe(status)
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
