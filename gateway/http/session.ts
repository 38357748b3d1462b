import type { Context, Handler } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { SESSION_COOKIE } from '../../backbone/access/session-cookie.ts'
import { signToken } from '../../backbone/access/signed-token.ts'

// A working day.
const LONGEST_SECONDS = 8 * 3_600

/**
 * Turns a key or a token into a cookie, which a browser sends with an EventSource too and no script can read. The cookie
 * is a token itself: whoever has the keys can read it, and it ends with its key. It never lasts longer than what it was
 * made of.
 */
export const openSession: Handler<AccessEnv> = async (context) => {
  const { identity, key } = context.var
  const { scopes, customer } = identity
  const granted = { scopes: [...scopes], ...(customer === undefined ? {} : { customer }) }
  // Where there are no keys everyone may do everything already.
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
 * Tells the browser to delete the cookie. Nothing is revoked: no server keeps sessions, so a copy of the cookie stays
 * valid until it expires or its key is removed.
 */
export function closeSession(context: Context): Response {
  deleteCookie(context, SESSION_COOKIE, { prefix: 'host', path: '/', secure: true })
  return context.body(null, 204)
}
