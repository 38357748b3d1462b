import { Hono } from 'hono'
import { sign } from 'hono/jwt'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { serviceRoutes } from '../http/service-routes.ts'
import { type Access, type AccessEnv, createAccess } from './authenticate.ts'
import type { Scope } from './identity.ts'
import { createTestKeys } from './testing/keys.ts'

const CUSTOMER = 'c'.repeat(24)
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds

afterEach(() => vi.useRealTimers())

function ask(access: Access, headers: Record<string, string> = {}, scope: Scope = 'read') {
  const app = new Hono<AccessEnv>()
  app.get('/', access.requires(scope), ({ var: { identity }, json }) =>
    json({ ...identity, scopes: [...identity.scopes], revoked: undefined }),
  )
  serviceRoutes(app, {
    checks: () => [],
    onInternal: () => expect.unreachable(),
    registry: new Registry(),
    mayOperate: access.requires('operate'),
  })
  return app.request('/', { headers })
}

test('without keys every client may do everything', async () => {
  const response = await ask(createAccess(undefined), {}, 'operate')
  expect(await response.json()).toEqual({
    owner: 'anonymous',
    scopes: ['write', 'read', 'personal', 'operate'],
    readsAll: true,
  })
})

test('a key has the scopes and the owner of its entry', async () => {
  const keys = createTestKeys()
  const key = keys.mint('web', ['read', 'write'], { expires: '2999-01-01T00:00:00Z' })
  const response = await ask(keys.open().access, key.headers)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    owner: 'web',
    scopes: ['read', 'write'],
    readsAll: false,
    expiresAt: Date.UTC(2999, 0),
  })
})

test('a key with the scope all-owners reads the events of every owner, and keeps its own for writes', async () => {
  const keys = createTestKeys()
  const key = keys.mint('ops', ['read', 'all-owners'])
  const { access } = keys.open()
  expect(await (await ask(access, key.headers)).json()).toEqual({
    owner: 'ops',
    scopes: ['read', 'all-owners'],
    readsAll: true,
  })
  expect((await ask(access, key.headers, 'operate')).status).toBe(403)
  const token = (claims: object) => sign({ iss: key.id, exp: inSeconds(60), ...claims }, key.hash, 'HS256')
  const readsAll = async (claims: object) => {
    const response = await ask(access, bearerOf(await token(claims)))
    return ((await response.json()) as { readsAll: boolean }).readsAll
  }
  expect(await readsAll({ scope: 'read all-owners' })).toBe(true)
  expect(await readsAll({ scope: 'read' })).toBe(false)
  expect(await readsAll({ scope: 'read all-owners', sub: CUSTOMER })).toBe(false)
})

test('without the scope the answer is 403 and names the required scope', async () => {
  const keys = createTestKeys()
  const { headers } = keys.mint('web', ['read'])
  const response = await ask(keys.open().access, headers, 'write')
  expect(response.status).toBe(403)
  expect(response.headers.get('www-authenticate')).toBe(
    'Bearer realm="checkout", error="insufficient_scope", scope="write"',
  )
  expect(await response.json()).toMatchObject({
    type: 'urn:problem-type:checkout:forbidden',
    detail: 'The scope write is required',
  })
})

describe('401', () => {
  const keys = createTestKeys()
  const { id, hash, bearer } = keys.mint('web', ['read'])
  const other = keys.mint('app', ['read'])
  const expired = keys.mint('web', ['read'], { expires: '2020-01-01T00:00:00Z' })
  const { access } = keys.open()
  const claims = () => ({ iss: id, exp: inSeconds(60) })

  const none = 'Send `Authorization: Bearer <key>` or a session'
  const malformed = 'The header `Authorization` must be `Bearer <key>`'
  const unknown = 'The key, token or session is unknown or has expired'

  test.each<[string, () => Record<string, string> | Promise<Record<string, string>>, string?]>([
    ['no credential', () => ({}), none],
    ['nothing after the scheme', () => ({ authorization: 'Bearer ' }), malformed],
    ['another scheme', () => ({ authorization: `Basic ${bearer}` }), malformed],
    ['a secret that is one letter off', () => ({ authorization: `Bearer ${bearer.slice(0, -1)}_` })],
    ['the secret of another key', () => ({ authorization: `Bearer ${id}.${other.bearer.split('.')[1]}` })],
    ['the hash instead of the secret', () => ({ authorization: `Bearer ${id}.${hash}` })],
    ['an unknown key', () => ({ authorization: 'Bearer nobody.swordfish' })],
    ['a name of Object.prototype', () => ({ authorization: 'Bearer __proto__.swordfish' })],
    ['a key that has expired', () => expired.headers],
    [
      'a wrong header, whatever the cookie',
      async () => ({
        authorization: 'Bearer nobody.swordfish',
        cookie: `__Host-session=${await sign(claims(), hash, 'HS256')}`,
      }),
    ],
    [
      'a cookie of another name',
      async () => ({ cookie: `session=${await sign(claims(), hash, 'HS256')}` }),
      none,
    ],
    ['a cookie that is no session', () => ({ cookie: '__Host-session=a.b.c' })],
    [
      'a token that has ended',
      async () => bearerOf(await sign({ iss: id, exp: inSeconds(-1) }, hash, 'HS256')),
    ],
    ['a token without an end', async () => bearerOf(await sign({ iss: id }, hash, 'HS256'))],
    [
      'a token for longer than a day',
      async () => bearerOf(await sign({ iss: id, exp: inSeconds(90_000) }, hash, 'HS256')),
    ],
    [
      'a token of an expired key',
      async () => bearerOf(await sign({ ...claims(), iss: expired.id }, expired.hash, 'HS256')),
    ],
    ['a token signed by another key', async () => bearerOf(await sign(claims(), other.hash, 'HS256'))],
    ['a token signed with the secret', async () => bearerOf(await sign(claims(), bearer, 'HS256'))],
    ['a token of another algorithm', async () => bearerOf(await sign(claims(), hash, 'HS512'))],
    [
      'a token for a customer that can be none',
      async () => bearerOf(await sign({ ...claims(), sub: '*' }, hash, 'HS256')),
    ],
    ['a token without a signature', () => bearerOf(unsigned(claims()))],
  ])('for %s', async (_, headers, detail = unknown) => {
    const response = await ask(access, await headers())
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="checkout"')
    expect(await response.json()).toEqual({
      type: 'urn:problem-type:checkout:unauthenticated',
      title: 'Authentication required',
      status: 401,
      detail,
    })
  })
})

const bearerOf = (token: string) => ({ authorization: `Bearer ${token}` })
const base64Url = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const unsigned = (claims: object) => `${base64Url({ alg: 'none', typ: 'JWT' })}.${base64Url(claims)}.`

describe('a token', () => {
  test('works as a header and as a cookie, for one customer, and never grants more than its key', async () => {
    const keys = createTestKeys()
    const { id, hash } = keys.mint('web', ['read', 'personal'])
    const { access } = keys.open()
    const exp = inSeconds(60)
    const token = await sign({ iss: id, sub: CUSTOMER, exp, scope: 'write read' }, hash, 'HS256')
    const granted = {
      owner: 'web',
      scopes: ['read'],
      readsAll: false,
      customer: CUSTOMER,
      expiresAt: exp * 1_000,
    }
    expect(await (await ask(access, bearerOf(token))).json()).toEqual(granted)
    expect(await (await ask(access, { cookie: `a=b; __Host-session=${token}` })).json()).toEqual(granted)
    expect((await ask(access, bearerOf(token), 'write')).status).toBe(403)
  })

  test('ends with its key', async () => {
    const keys = createTestKeys()
    const { id, hash } = keys.mint('web', ['read'], {
      expires: new Date(inSeconds(30) * 1_000).toISOString(),
    })
    const { access } = keys.open()
    const token = await sign({ iss: id, exp: inSeconds(600) }, hash, 'HS256')
    const response = await ask(access, bearerOf(token))
    expect(await response.json()).toMatchObject({ expiresAt: Date.parse(keys.keys[0]?.expires ?? '') })
    vi.useFakeTimers({ toFake: ['Date'], now: inSeconds(31) * 1_000 })
    expect((await ask(access, bearerOf(token))).status).toBe(401)
  })
})
