import { Hono } from 'hono'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { problemResponse, toProblem } from '../../backbone/problem.ts'
import { problem } from '../testing/app.ts'
import { serveAsset } from './assets.ts'

function setUp() {
  const make = vi.fn<() => Promise<string>>()
  const app = new Hono()
  app.get('/script.js', serveAsset({ type: 'text/javascript', make, log: pino({ level: 'silent' }) }))
  app.onError((error) => problemResponse(toProblem(error)))
  return { make, get: async () => app.request('/script.js') }
}

test('concurrent first requests share one build, and later ones its result', async () => {
  const { make, get } = setUp()
  const built = Promise.withResolvers<string>()
  make.mockReturnValue(built.promise)
  const together = [get(), get(), get()]
  built.resolve('start()')
  for (const response of [...(await Promise.all(together)), await get()])
    expect(await response.text()).toBe('start()')
  expect(make).toHaveBeenCalledOnce()
})

test('a failed build is answered with what to do, and tried again', async () => {
  const { make, get } = setUp()
  make.mockRejectedValueOnce(new Error('spawn bun ENOENT'))
  const failed = await get()
  expect(failed.status).toBe(500)
  expect(await failed.json()).toEqual({
    ...problem('internal').sample,
    title: 'Internal server error',
    status: 500,
    detail: '/script.js cannot be made: the log of the gateway says why. The next request tries again.',
  })
  make.mockResolvedValue('start()')
  expect((await get()).status).toBe(200)
})
