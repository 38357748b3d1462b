import { parse } from 'hono/utils/cookie'

/** Set with the prefix `__Host-`, which binds it to this host and to TLS (RFC 6265bis, section 4.1.3.2). */
export const SESSION_COOKIE = 'session'

const FULL_NAME = `__Host-${SESSION_COOKIE}`

/** Selects the session cookie from all cookies of a request, in the form in which it is forwarded. */
export function sessionCookieOf(cookies: string | null): string | undefined {
  const value = cookies === null ? undefined : parse(cookies, FULL_NAME)[FULL_NAME]
  return value === undefined ? undefined : `${FULL_NAME}=${value}`
}
