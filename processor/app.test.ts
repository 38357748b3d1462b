import { afterEach, describe, expect, test, vi } from 'vitest'
import { createTestApp } from './testing/apps.ts'
import { createTestReadModels, follow, range } from './testing/read-models.ts'
import { outcomeRecord } from './testing/records.ts'

const readModels = createTestReadModels()
const setUp = (readModel = readModels.open()) => ({ readModel, ...createTestApp(readModel) })
const outcome = Buffer.from(outcomeRecord(1, 4).json).toString()
const wait = (prefer: string, init: RequestInit = {}) => ({ ...init, headers: { prefer } })

afterEach(() => vi.useRealTimers())

async function expectProblem(response: Response, status: number, code: string) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ type: `urn:problem-type:checkout:${code}`, status })
}

describe('GET /checkout/{eventId}', () => {
  test('has the outcome as in the log', async () => {
    const { readModel, get } = setUp()
    await follow(readModel, 1, [4])
    const response = await get('/checkout/event-1-4')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('preference-applied')).toBeNull()
    expect(await response.text()).toBe(`{"status":"classified","outcome":${outcome}}`)
  })

  test('says that an outcome was copied from another cluster, where its record is', async () => {
    const { readModel, get } = setUp()
    const copied = { since: 5, former: ['bbbbbbbb'] }
    const records = [outcomeRecord(1, 4), outcomeRecord(1, 6)]
    await readModel.append(1, { records, next: 7, resume: 7, log: 'aaaaaaaa', copied })
    expect(await (await get('/checkout/event-1-4')).text()).toBe(
      `{"status":"classified","copied":true,"outcome":${outcome}}`,
    )
    expect(await (await get('/checkout/event-1-6')).json()).not.toHaveProperty('copied')
  })

  test('of an unknown event is a problem, at once', async () => {
    await expectProblem(await setUp().get('/checkout/event-1-4'), 404, 'unknown-event')
  })

  test('answers a wait as soon as the outcome exists', async () => {
    const { readModel, get } = setUp()
    const waiting = get('/checkout/event-1-4', wait('wait=30'))
    await follow(readModel, 0, [4])
    await follow(readModel, 1, [4])
    const response = await waiting
    expect(response.status).toBe(200)
    expect(response.headers.get('preference-applied')).toBe('wait=30')
    expect(await response.text()).toBe(`{"status":"classified","outcome":${outcome}}`)
  })

  test.each([
    ['wait=10', 10],
    ['wait=100', 30],
  ])('with %s waits %i s for an event that does not come', async (prefer, seconds) => {
    const { get } = setUp()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const waiting = get('/checkout/event-1-4', wait(prefer))
    let answered = false
    void waiting.then(() => (answered = true))
    await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1)
    expect(answered).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await expectProblem(await waiting, 404, 'unknown-event')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('does not wait for a disconnected client', async () => {
    const { get } = setUp()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const gone = new AbortController()
    const waiting = get('/checkout/event-1-4', wait('wait=30', { signal: gone.signal }))
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
    gone.abort()
    await expectProblem(await waiting, 404, 'unknown-event')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('answers 503 to waits while draining, and answers known outcomes', async () => {
    const { readModel, get, draining } = setUp()
    await follow(readModel, 1, [4])
    const waiting = get('/checkout/event-1-5', wait('wait=30'))
    draining.abort()
    await expectProblem(await waiting, 503, 'draining')
    await expectProblem(await get('/checkout/event-1-5', wait('wait=30')), 503, 'draining')
    await expectProblem(await get('/checkout/event-1-5'), 404, 'unknown-event')
    expect((await get('/checkout/event-1-4', wait('wait=30'))).status).toBe(200)
  })

  test.each(['/checkout/%00', '/checkout/%E0%A4%A', '/checkout/..%2f', `/checkout/${'x'.repeat(5_000)}`])(
    '%s is an unknown event like any other',
    async (path) => {
      const { get, errors } = setUp()
      await expectProblem(await get(path), 404, 'unknown-event')
      expect(errors).toEqual([])
    },
  )
})

describe('health', () => {
  test('is always live', async () => {
    const { get, becomes } = setUp()
    becomes('partitions are being claimed')
    const response = await get('/health/live')
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  test('is ready, or has the reason', async () => {
    const { get, becomes } = setUp()
    expect(await (await get('/health/ready')).json()).toEqual({
      status: 'ready',
      checks: [{ name: 'results', status: 'pass' }],
    })
    becomes('12345 records behind the log')
    const response = await get('/health/ready')
    expect(response.headers.get('retry-after')).toMatch(/^[123]$/)
    expect(await response.clone().json()).toMatchObject({ detail: '12345 records behind the log' })
    await expectProblem(response, 503, 'not-ready')
  })
})

describe('what is not served', () => {
  test.each(['/', '/checkout', '/checkout/', '/checkout/a/b', '/health', '/Notifications'])(
    '%s is not found',
    async (path) => {
      await expectProblem(await setUp().get(path), 404, 'not-found')
    },
  )

  const paths = [
    '/checkout/event-1-4',
    '/notifications',
    '/notifications/stream',
    '/health/live',
    '/health/ready',
  ]

  test.each(paths)('%s takes no other method than it says', async (path) => {
    const { get } = setUp()
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await get(path, { method })
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
      await expectProblem(response, 405, 'method-not-allowed')
    }
    const options = await get(path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })

  test.each([...paths, '/checkout/nobody', '/nothing', '/notifications?folio=1'])(
    'HEAD %s is GET without its body, of its length',
    async (path) => {
      const { readModel, get } = setUp()
      await follow(readModel, 1, [4])
      const [head, whole] = [await get(path, { method: 'HEAD' }), await get(path)]
      expect([head.status, head.headers.get('content-type')]).toEqual([
        whole.status,
        whole.headers.get('content-type'),
      ])
      expect(head.body).toBeNull()
      const isStream = path.endsWith('stream')
      const length = isStream ? null : String((await whole.arrayBuffer()).byteLength)
      expect(head.headers.get('content-length')).toBe(length)
      if (isStream) await whole.body?.cancel()
    },
  )

  test.each(paths)('%s/ is the same as without the slash', async (path) => {
    const { readModel, get } = setUp()
    await follow(readModel, 1, [4])
    const [slashed, plain] = [await get(`${path}/`), await get(path)]
    expect([slashed.status, slashed.headers.get('content-type')]).toEqual([
      plain.status,
      plain.headers.get('content-type'),
    ])
    await Promise.all([slashed.body?.cancel(), plain.body?.cancel()])
  })

  test('a HEAD of a very long page has no length', async () => {
    const { readModel, get } = setUp()
    await follow(readModel, 1, range(0, 1_000), () => ({ productovisto: 'x'.repeat(2_000) }))
    const head = await get('/notifications?limit=1000', { method: 'HEAD' })
    expect([head.status, head.headers.has('content-length')]).toEqual([200, false])
  })
})

test.each(['/checkout/a', '/notifications', '/notifications?limit=5'])(
  'a failing read model is an internal error: %s',
  async (path) => {
    const broken = () => {
      throw new Error('SQLITE_IOERR: /srv/view.db, cliente Scarlett')
    }
    const { get, errors } = createTestApp({ ...readModels.open(), after: broken, findWithin: broken })
    const response = await get(path)
    expect(await response.clone().text()).not.toMatch(/SQLITE|srv|Scarlett/)
    await expectProblem(response, 500, 'internal')
    const requestId = response.headers.get('x-request-id')
    expect(errors).toEqual([{ error: new Error('SQLITE_IOERR: /srv/view.db, cliente Scarlett'), requestId }])
  },
)

test('before the read model has caught up, unknown events are answered 503 instead of 404', async () => {
  const app = createTestApp(readModels.open())
  app.fallsBehind()
  for (const path of ['/checkout/unknown', '/notifications', '/notifications/stream']) {
    const response = await app.get(path)
    expect([path, response.status]).toEqual([path, 503])
    expect(await response.json()).toMatchObject({ type: 'urn:problem-type:checkout:results-unavailable' })
  }
  expect((await app.get('/health/live')).status).toBe(200)
})

describe('a request id', () => {
  test.each([
    ['/checkout/event-1-4', 404],
    ['/checkout/event-1-4?wait=1', 400],
    ['/notifications', 200],
    ['/notifications/stream', 200],
    ['/health/ready', 200],
    ['/metrics', 200],
    ['/nothing', 404],
  ])('is in the answer to GET and HEAD of %s, %i', async (path, status) => {
    const { get } = setUp()
    for (const method of ['GET', 'HEAD']) {
      const response = await get(path, { method, headers: { 'x-request-id': 'from-gateway-1' } })
      expect([response.status, response.headers.get('x-request-id')]).toEqual([status, 'from-gateway-1'])
      await response.body?.cancel()
    }
  })
})

test.each(['/notifications', '/notifications/stream', '/checkout/event-1-4', '/metrics', '/health/ready'])(
  '%s rejects other host names and pages of other sites',
  async (path) => {
    const { get } = setUp()
    await expectProblem(await get(path, { headers: { host: 'evil.example' } }), 403, 'forbidden')
    await expectProblem(await get(path, { headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'forbidden')
  },
)
