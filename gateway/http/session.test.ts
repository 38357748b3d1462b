import { expect, test, vi } from 'vitest'
import { signToken } from '../../backbone/access/signed-token.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'

const CUSTOMER = boughtQuickly.id
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds

function setUp() {
  const keys = createTestKeys()
  const key = keys.mint('web', ['write', 'read'])
  const { app, results } = startApp({ access: keys.open().access })
  results.mockImplementation(async () => Response.json({}))
  const open = (headers: Record<string, string>) => app.request('/session', { method: 'POST', headers })
  return { keys, key, app, results, open }
}

/** The cookie that a browser would send from now on. */
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''

test('a key becomes a cookie that no script can read and no other site can send', async () => {
  const { key, app, results, open } = setUp()
  const response = await open(key.headers)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    scopes: ['write', 'read'],
    expiresAt: expect.stringMatching(/^20\d\d-.*Z$/),
  })
  expect(response.headers.get('set-cookie')).toMatch(
    /^__Host-session=[\w-]+\.[\w-]+\.[\w-]+; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  expect(response.headers.get('set-cookie')).not.toContain(key.bearer.split('.')[1])

  const cookie = cookieOf(response)
  expect((await app.request('/notifications', { headers: { cookie } })).status).toBe(200)
  // The processors receive the credential.
  expect(results.mock.lastCall?.[0].headers.get('cookie')).toBe(cookie)
})

test('a token for a customer becomes a cookie for that customer, for as long', async () => {
  const { key, app, open } = setUp()
  const grant = {
    scopes: new Set(['write', 'read', 'personal'] as const),
    customer: CUSTOMER,
    expiresAt: inSeconds(90),
  }
  const response = await open({ authorization: `Bearer ${await signToken(key.id, key.hash, grant)}` })
  expect(await response.json()).toEqual({
    scopes: ['write', 'read'],
    customer: CUSTOMER,
    expiresAt: new Date(grant.expiresAt * 1_000).toISOString(),
  })
  const post = async (id: string) =>
    (
      await app.request('/checkout', {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: cookieOf(response) },
        body: JSON.stringify({ ...boughtQuickly, id }),
      })
    ).status
  expect([await post(CUSTOMER), await post('a'.repeat(24))]).toEqual([202, 403])
})

test('a session cannot be used to make a longer one', async () => {
  const { key, open } = setUp()
  const first = await open(key.headers)
  const { expiresAt } = (await first.json()) as { expiresAt: string }
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  const second = await open({ cookie: cookieOf(first) })
  vi.useRealTimers()
  expect(((await second.json()) as { expiresAt: string }).expiresAt).toBe(expiresAt)
})

test('is rejected without a credential; its cookie is deleted with or without one', async () => {
  const { app, open } = setUp()
  expect((await open({})).status).toBe(401)
  const closed = await app.request('/session', { method: 'DELETE' })
  expect(closed.status).toBe(204)
  expect(closed.headers.get('set-cookie')).toMatch(/^__Host-session=; Max-Age=0; Path=\/; Secure/)
})

test('a copy of a cookie that was deleted is valid until it expires, as is documented', async () => {
  const { app, key, open } = setUp()
  const cookie = cookieOf(await open(key.headers))
  await app.request('/session', { method: 'DELETE', headers: { cookie } })
  expect((await open({ cookie })).status).toBe(200)
})

test('without keys every client may do everything without a session', async () => {
  const { app } = startApp()
  const response = await app.request('/session', { method: 'POST' })
  expect(await response.json()).toEqual({ scopes: ['write', 'read', 'personal', 'operate'] })
  expect(response.headers.has('set-cookie')).toBe(false)
})
