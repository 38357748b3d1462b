import { Hono } from 'hono'
import { afterEach, expect, test, vi } from 'vitest'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { loadFiguresSchema } from '../../backbone/figures/member-figures.ts'
import { problemResponse, toProblem } from '../../backbone/problem.ts'
import { problem, startApp } from '../testing/app.ts'
import { loadFigures } from '../testing/load-figures.ts'
import { type PublishLoad, postLoad } from './post-load.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** The route at this time, without the checks of an app. */
function startRoute(now?: () => number) {
  const publish = vi.fn<PublishLoad>(async () => undefined)
  const app = new Hono<AccessEnv>()
  app.post('/', postLoad({ publish, bodyTimeoutMs: 200, ...(now ? { now } : {}) }))
  app.onError((error) => problemResponse(toProblem(error)))
  const post = async (body: unknown) =>
    app.request('/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { publish, post }
}

const faultsOf = async (response: Response) => ((await response.json()) as { errors: object[] }).errors

test('figures are published as they came', async () => {
  const { publish, post } = startRoute(() => loadFigures.at)
  const response = await post(loadFigures)
  expect([response.status, await response.text()]).toEqual([204, ''])
  expect(publish.mock.calls).toEqual([[loadFigures]])
})

test('a wrong clock of the generator does not matter', async () => {
  const { publish, post } = startRoute(() => 1_000_000)
  await post({ ...loadFigures, at: 60_000, startedAt: 50_000 })
  await post({ ...loadFigures, at: 8e15, startedAt: 8e15 - 10_000, ends: true })
  const times = publish.mock.calls.map(([{ at, startedAt }]) => [at, startedAt])
  expect(times).toEqual([
    [1_000_000, 990_000],
    [1_000_000, 990_000],
  ])
})

test('optional figures may be absent', async () => {
  const { publish, post } = startRoute()
  const { p50: _, p99: __, delayP50: ___, delayP99: ____, ...others } = loadFigures
  expect((await post(others)).status).toBe(204)
  expect(loadFiguresSchema.parse(publish.mock.lastCall?.[0])).not.toHaveProperty('p50')
})

test('all faults are reported, and nothing is published', async () => {
  const { publish, post } = startRoute()
  const { sent: _, ...others } = loadFigures
  const response = await post({ ...others, run: 'a/b', planned: -1, ends: false, customer: 'x', p99: '21' })
  expect(response.status).toBe(422)
  expect(await faultsOf(response)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ pointer: '/sent', code: 'missing' }),
      { pointer: '/run', code: 'format', detail: 'must be 1 to 64 letters, digits, _ or -' },
      expect.objectContaining({ pointer: '/planned', code: 'range' }),
      expect.objectContaining({ pointer: '/ends' }),
      expect.objectContaining({ pointer: '/p99', code: 'type' }),
      { pointer: '/customer', code: 'unknown_field', detail: 'is not a field of the figures' },
    ]),
  )
  expect(publish).not.toHaveBeenCalled()
})

test.each([
  ['a list', []],
  ['null', null],
  ['a start after the time of the figures', { ...loadFigures, startedAt: loadFigures.at + 1 }],
  ['a time that no date can have', { ...loadFigures, at: 8.64e15 + 1 }],
  ['half a request', { ...loadFigures, sent: 0.5 }],
  ['another kind of record', { ...loadFigures, is: 'figures' }],
])('%s is invalid', async (_, body) => {
  const response = await startRoute().post(body)
  expect([response.status, await response.json()]).toEqual([422, problem('invalid-figures')])
})

test.each(['name', 'stage'] as const)('%s has at most 200 characters', async (field) => {
  const { publish, post } = startRoute()
  expect((await post({ ...loadFigures, [field]: '🛒'.repeat(200) })).status).toBe(204)
  const tooLong = await post({ ...loadFigures, [field]: '🛒'.repeat(201) })
  expect(await faultsOf(tooLong)).toEqual([
    { pointer: `/${field}`, code: 'length', detail: 'must have 1 to 200 characters' },
  ])
  expect(publish).toHaveBeenCalledOnce()
})

test('a body has at most 4 KiB', async () => {
  const { post } = startRoute()
  const text = JSON.stringify(loadFigures)
  expect((await post(text.padEnd(4_096))).status).toBe(204)
  expect((await post(text.padEnd(4_097))).status).toBe(413)
})

test('a run may report three times a second, in bursts of ten seconds; others may go on', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(0)
  const { publish, post } = startRoute()
  const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await post(loadFigures)).status))
  expect(statuses.filter((status) => status === 204)).toHaveLength(30)
  expect(publish).toHaveBeenCalledTimes(30)
  const refused = await post(loadFigures)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  expect((await post({ ...loadFigures, run: 'another' })).status).toBe(204)
})

test('ever new runs are limited, too', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(0)
  const { post } = startRoute()
  const statuses = await Promise.all(
    Array.from({ length: 400 }, async (_, n) => (await post({ ...loadFigures, run: `run-${n}` })).status),
  )
  expect(statuses.filter((status) => status === 204)).toHaveLength(300)
})

test('a report that one limit refuses is not charged to the other', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  const { post } = startRoute()
  const report = async (count: number, runOf: (n: number) => string) => {
    const answers = Array.from({ length: count }, (_, n) => post({ ...loadFigures, run: runOf(n) }))
    return (await Promise.all(answers)).filter(({ status }) => status === 204).length
  }
  expect(await report(100, () => 'eager')).toBe(30)
  expect(await report(300, (n) => `run-${n}`)).toBe(270)
  expect(await report(100, () => 'later')).toBe(0)
  clock.mockReturnValue(1_000)
  expect(await report(30, () => 'later')).toBe(30)
})

test.each([
  ['refuses', () => Promise.reject(new Error('not leader'))],
  ['does not answer', () => new Promise<never>(() => {})],
])('while Kafka %s: 503 with Retry-After', async (_, publishing) => {
  const { publish, post } = startRoute()
  publish.mockImplementationOnce(publishing)
  const response = await post(loadFigures)
  expect([response.status, await response.json()]).toEqual([503, problem('figures-unavailable')])
  expect(response.headers.get('retry-after')).toMatch(/^[123]$/)
  expect((await post(loadFigures)).status).toBe(204)
})

test('in an app, only operators may report, and only with POST', async () => {
  const keys = createTestKeys()
  const operator = keys.mint('web', ['operate'])
  const buyer = keys.mint('web', ['write', 'read', 'personal'])
  const { app, publishLoad } = startApp({ access: keys.open().access })
  const ask = async (headers: Record<string, string>, method = 'POST') =>
    app.request('/operations/load', {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(loadFigures),
    })
  expect((await ask({})).status).toBe(401)
  expect((await ask(buyer.headers)).status).toBe(403)
  expect(publishLoad).not.toHaveBeenCalled()
  expect((await ask(operator.headers)).status).toBe(204)
  expect(publishLoad).toHaveBeenCalledOnce()
  const other = await ask(operator.headers, 'PUT')
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
})
