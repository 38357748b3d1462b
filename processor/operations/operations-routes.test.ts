import { Hono } from 'hono'
import { expect, test, vi } from 'vitest'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { createAccess } from '../../backbone/access/authenticate.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { broadcastTicks } from '../../backbone/operations/broadcast-ticks.ts'
import { gateway, simulate } from '../../backbone/operations/testing/simulate.ts'
import { problemResponse, toProblem } from '../../backbone/problem.ts'
import { readFrames } from '../testing/frames.ts'
import { MOST_VIEWERS, operationsRoutes } from './operations-routes.ts'

const keys = createTestKeys()
const operator = keys.mint('operator', ['operate'])
const reader = keys.mint('reader', ['read', 'write', 'personal'])
const { access } = keys.open()

function createApp({ guarded = false, classifies = false } = {}) {
  const system = simulate()
  system.run(1, () => system.publish(gateway()))
  const ticks = broadcastTicks(system.tick(), system.model.history())
  const draining = new AbortController()
  let viewers = 0
  const observer = {
    ticks: vi.fn((): typeof ticks | undefined => ticks),
    noteRead: vi.fn(),
    enter: () => {
      viewers++
      return () => void viewers--
    },
    viewers: () => viewers,
  }
  const app = new Hono<AccessEnv>()
  app.onError((error) => problemResponse(toProblem(error)))
  operationsRoutes(app, {
    mayOperate: (guarded ? access : createAccess(undefined)).requires('operate'),
    observer: classifies ? undefined : observer,
    draining: draining.signal,
  })
  const detail = async (path: string) => {
    const response = await app.request(path)
    return [response.status, ((await response.json()) as { detail?: string }).detail]
  }
  return { app, observer, draining, detail, system }
}

test('the state is served as it is, and reading it is noted', async () => {
  const { app, observer, system } = createApp()
  const response = await app.request('/operations')
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(system.state())))
  expect(observer.noteRead).toHaveBeenCalledTimes(1)
})

test.each(['/operations', '/operations/stream'])(
  '%s needs the scope operate, and takes no parameters',
  async (path) => {
    const { app } = createApp({ guarded: true })
    const status = async (headers: Record<string, string>, query = '') =>
      (await app.request(path + query, { headers })).status
    expect(await status({})).toBe(401)
    expect(await status(reader.headers)).toBe(403)
    expect(await status(operator.headers)).toBe(200)
    expect(await status(operator.headers, '?since=1')).toBe(400)
  },
)

test.each(['/operations', '/operations/stream'])(
  '%s is unavailable at a processor that does not know the state',
  async (path) => {
    expect(await createApp({ classifies: true }).detail(path)).toEqual([
      503,
      'this processor only classifies (SERVE_RESULTS)',
    ])
    const starting = createApp()
    starting.observer.ticks.mockReturnValue(undefined)
    expect(await starting.detail(path)).toEqual([
      503,
      'this processor is still reading the figures of the last minutes',
    ])
  },
)

test('no stream begins while the processor shuts down', async () => {
  const { app, draining } = createApp()
  draining.abort()
  expect((await app.request('/operations/stream')).status).toBe(503)
})

test('one viewer more than the limit is refused, until another one leaves', async () => {
  const { app } = createApp()
  const open = async () => readFrames(await app.request('/operations/stream'))
  const viewers = await Promise.all(Array.from({ length: MOST_VIEWERS }, open))
  const refused = await app.request('/operations/stream')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  await viewers[0]?.cancel()
  expect((await app.request('/operations/stream')).status).toBe(200)
})
