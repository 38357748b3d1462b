import { expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { openEventStream } from './event-stream.ts'
import { readTopic } from './read-topic.ts'
import { boughtQuickly } from './sample-checkouts.ts'
import { useSystem } from './use-system.ts'

// Each process checks the file once a second, at its own time.
const SOON = { timeout: 10_000 }
const keys = createTestKeys()
const web = keys.mint('web', ['write', 'read', 'personal'])
const app = keys.mint('app', ['write', 'read'])
const system = useSystem({ gateways: 1, processors: 1, settings: { API_KEYS_FILE: keys.path } })

type Headers = Record<string, string>
const gateway = (path: string, init?: RequestInit) => fetch(`${system().gateways[0]?.url}${path}`, init)
const post = (headers: Headers) =>
  gateway('/checkout', {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=20', ...headers },
    body: JSON.stringify(boughtQuickly),
  })

test('owners that send the same body have separate events, and see only their own', async () => {
  const events: Record<string, Outcome> = {}
  for (const [owner, { headers }] of Object.entries({ web, app })) {
    const response = await post(headers)
    expect(response.headers.get('preference-applied')).toBe('wait=20')
    const { eventId, outcome } = (await response.json()) as { eventId: string; outcome: Outcome }
    expect(outcome.eventId).toBe(eventId)
    events[owner] = outcome
  }
  expect(events['web']?.checkout?.nombre).toBe('Scarlett')
  expect(events['app']?.checkout?.nombre).toBe('***')
  expect(events['app']?.message).toMatch(/^Estimad@ \*\*\*,/)

  for (const { url } of [...system().gateways, ...system().processors]) {
    const page = await fetch(`${url}/notifications?from=earliest`, { headers: web.headers })
    expect(((await page.json()) as { items: Outcome[] }).items).toEqual([events['web']])
    const others = await fetch(`${url}/checkout/${events['app']?.eventId}`, { headers: web.headers })
    expect(others.status).toBe(404)
    expect((await fetch(`${url}/notifications`)).status).toBe(401)
  }

  const written = await readTopic(system().brokers, system().topics.notifications)
  const owners = written
    .filter(({ value }) => value !== 'null')
    .map(({ headers }) => /owner:(\w+)/.exec(headers)?.[1])
  expect(owners).toHaveLength(2)
  expect(new Set(owners)).toEqual(new Set(['app', 'web']))
})

test('a session follows the stream with its cookie only, until its key is removed', async () => {
  const opened = await gateway('/session', { method: 'POST', headers: app.headers })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const stream = openEventStream(
    `${system().gateways[0]?.url}/notifications/stream?from=earliest`,
    undefined,
    {
      cookie,
    },
  )
  const events = stream.events()
  expect((await events.next()).value).toMatchObject({ event: 'notification' })

  keys.keys.splice(
    keys.keys.findIndex(({ id }) => id === app.id),
    1,
  )
  keys.write()
  expect(await events.next()).toEqual({ done: true, value: undefined })
  const status = async (headers: Headers) => (await gateway('/notifications', { headers })).status
  await expect.poll(() => status({ cookie }), SOON).toBe(401)
  expect(await status(web.headers)).toBe(200)
})

test('the logs have no credential, and nothing of a customer', async () => {
  const secrets = [web.bearer, app.bearer].map((bearer) => bearer.split('.')[1] ?? '')
  const personal = [boughtQuickly.nombre, boughtQuickly.email, boughtQuickly.telefono]
  for (const instance of [...system().gateways, ...system().processors]) {
    await expect.poll(() => instance.log(), SOON).toContain('API_KEYS_FILE reloaded')
    const log = instance.log()
    for (const text of [...secrets, ...personal]) expect(log).not.toContain(text)
  }
})
