import pino from 'pino'
import { afterAll, expect, test } from 'vitest'
import { createAccess } from '../../backbone/access/authenticate.ts'
import { openKeyring } from '../../backbone/access/keyring.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { readFrames } from '../../processor/testing/frames.ts'
import { problem, startApp } from '../testing/app.ts'

const keys = createTestKeys()
const operator = keys.mint('operator', ['operate'])
const reader = keys.mint('reader', ['read', 'write', 'personal'])
const keyring = openKeyring({ API_KEYS_FILE: keys.path }, pino({ level: 'silent' }))
const access = createAccess(keyring)
afterAll(() => keyring?.stop())

const whole = { partial: false, from: 'processor-1' }
const stream = (text: string) => new Response(text, { headers: { 'content-type': 'text/event-stream' } })

test.each(['/operations', '/operations/stream'])(
  '%s needs the scope operate, before a processor is asked',
  async (path) => {
    const { app, results } = startApp({ access })
    results.mockImplementation(async () => Response.json(whole))
    expect((await app.request(path)).status).toBe(401)
    expect((await app.request(path, { headers: reader.headers })).status).toBe(403)
    expect(results).not.toHaveBeenCalled()
    expect((await app.request(path, { headers: operator.headers })).status).toBe(200)
    expect(results).toHaveBeenCalledTimes(1)
  },
)

test('unknown parameters and other methods are refused', async () => {
  const { app } = startApp()
  const unknown = await app.request('/operations?verbose=1')
  expect([unknown.status, await unknown.json()]).toEqual([400, problem('invalid-request')])
  expect((await app.request('/operations/stream', { method: 'POST' })).status).toBe(405)
})

test('the state is that of a processor, and of the gateway alone if none answers', async () => {
  const { app, results, answering } = startApp()
  results.mockImplementation(async () => Response.json(whole))
  expect(await (await app.request('/operations')).json()).toEqual(whole)

  results.mockRejectedValue(new ProblemError('results-unavailable'))
  expect(await (await app.request('/operations')).json()).toMatchObject({ partial: true, from: 'gateway-1' })

  answering.mockReturnValue(0)
  results.mockImplementation(async () => Response.json(whole))
  expect(await (await app.request('/operations')).json()).toMatchObject({ partial: true })
})

test('other answers of a processor are passed on', async () => {
  const { app, results } = startApp()
  results.mockImplementation(async () => new Response(null, { status: 429 }))
  expect((await app.request('/operations/stream')).status).toBe(429)
  results.mockRejectedValue(new ProblemError('draining'))
  expect((await app.request('/operations')).status).toBe(503)
})

test('the stream of the gateway alone ends as soon as a processor has an answer', async () => {
  const { app, results } = startApp()
  const frames = readFrames(await app.request('/operations/stream'))
  expect(await frames.next()).toMatchObject({ event: 'history' })
  expect(await frames.next()).toMatchObject({ event: 'state' })
  results.mockImplementation(async () => stream('event: history\ndata: {}\n\n'))
  expect(await frames.next()).toMatchObject({ retry: expect.stringMatching(/^\d+$/) as string })
  expect(await frames.next()).toBeUndefined()
  expect(results.mock.lastCall?.[0]).toMatchObject({ method: 'HEAD' })
  expect(await (await app.request('/operations/stream')).text()).toContain('history')
})

test('while all places are taken an operator still gets the state', async () => {
  const { app, results, admission } = startApp()
  results.mockImplementation(async () => Response.json(whole))
  const { limit } = admission.load()
  const leaves = Array.from({ length: limit }, () => admission.enter('purchase'))
  expect((await app.request('/operations')).status).toBe(200)
  for (const leave of leaves) leave()
})
