import type { Context, Handler } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { SESSION_COOKIE } from '../../backbone/access/session-cookie.ts'
import { signToken } from '../../backbone/access/signed-token.ts'

// A working day.
const LONGEST_SECONDS = 8 * 3_600

/**
 * Exchanges a key or a token for a cookie, which browsers also send with EventSource requests and no script
 * can read. The cookie is a token: every process with the keys can verify it, and it is revoked with its key.
 * It never expires later than its credential.
 */
export const openSession: Handler<AccessEnv> = async (context) => {
  const { identity, key } = context.var
  const { scopes, customer } = identity
  const granted = { scopes: [...scopes], ...(customer === undefined ? {} : { customer }) }
  // Without keys every client may already do everything.
  if (key === undefined) return context.json(granted)
  const now = Math.floor(Date.now() / 1_000)
  const expiresAt = Math.min(
    now + LONGEST_SECONDS,
    Math.floor((identity.expiresAt ?? Number.POSITIVE_INFINITY) / 1_000),
  )
  const token = await signToken(key.id, key.hash, { scopes, customer, expiresAt })
  setCookie(context, SESSION_COOKIE, token, {
    prefix: 'host',
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: expiresAt - now,
  })
  return context.json({ ...granted, expiresAt: new Date(expiresAt * 1_000).toISOString() })
}

/**
 * Makes the browser delete the cookie. Nothing is revoked: no server stores sessions, so a copy of the cookie
 * stays valid until it expires or its key is removed.
 */
export function closeSession(context: Context): Response {
  deleteCookie(context, SESSION_COOKIE, { prefix: 'host', path: '/', secure: true })
  return context.body(null, 204)
}
