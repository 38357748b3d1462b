import type { HonoRequest, MiddlewareHandler } from 'hono'
import { sessionCookieOf } from '../access/session-cookie.ts'
import { ProblemError } from '../problem.ts'
import { isLoopback } from '../process/loopback.ts'

interface Allowed {
  /** Host names besides those of loopback. */
  hosts: readonly string[]
  /** Origins of other web pages that may send requests. */
  origins: readonly string[]
}

export type RequestCheck = (req: HonoRequest) => ProblemError | undefined

const HOST = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i

/**
 * Protects a service without authentication from the web pages that somebody on this machine visits. `Host`
 * reveals DNS rebinding; `Sec-Fetch-Site` and `Origin` reveal other cross-origin requests, as in Go's
 * `http.CrossOriginProtection`. Reads are rejected too, because they need no credentials here. Programs other
 * than browsers send neither of the latter headers and are accepted. Returns a problem if it rejects the request.
 */
export function checkForeignRequests({ hosts, origins }: Allowed): RequestCheck {
  const allowedHosts = new Set(hosts)
  const isAllowedOrigin = originCheck(origins)
  // Nearly all requests have the same Host.
  let lastAllowed: string | undefined

  function isAllowedHost(host: string): boolean {
    const name = hostName(host)
    return name !== undefined && (isLoopback(name) || allowedHosts.has(name))
  }

  return (req) => {
    // HTTP/1.0 health checks have no Host.
    const host = req.header('host') || undefined
    if (host !== lastAllowed && host !== undefined) {
      if (!isAllowedHost(host)) return forbiddenHost(host)
      lastAllowed = host
    }
    return isAllowedOrigin(req) ? undefined : forbiddenOrigin()
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Protects sessions from other web pages of the same site, such as another subdomain: their requests have the
 * cookie in spite of `SameSite=Strict`. Reads need no check, because those pages cannot see the answer.
 */
export function checkSessionRequests(origins: readonly string[]): RequestCheck {
  const isAllowedOrigin = originCheck(origins)
  return (req) => {
    if (SAFE_METHODS.has(req.method)) return undefined
    // A page that can send this header has been allowed to by a preflight.
    if (req.header('authorization') !== undefined) return undefined
    if (sessionCookieOf(req.header('cookie') ?? null) === undefined) return undefined
    return isAllowedOrigin(req) ? undefined : forbiddenOrigin()
  }
}

/** Whether a request comes from an own page, a page of these origins, a link, or no page at all. */
function originCheck(origins: readonly string[]): (req: HonoRequest) => boolean {
  const allowed = new Set(origins)
  return (req) => {
    const site = req.header('sec-fetch-site')
    const origin = req.header('origin')
    if (site === undefined && origin === undefined) return true
    if (site === 'same-origin' || site === 'none') return true
    if (origin !== undefined && allowed.has(origin)) return true
    if (isLinkNavigation(req)) return true
    // Browsers before 2023, and all on plain HTTP except from loopback, send no `Sec-Fetch-Site`. The scheme
    // is ignored, because a proxy may terminate TLS.
    const host = req.header('host') || undefined
    return site === undefined && host !== undefined && hostOf(origin) === host.toLowerCase()
  }
}

/** The same as a middleware. Throws `forbidden`. */
export function rejectForeignRequests(allowed: Allowed): MiddlewareHandler {
  const check = checkForeignRequests(allowed)
  return ({ req }, next) => {
    const problem = check(req)
    if (problem) throw problem
    return next()
  }
}

/** In lower case, without port, and without the brackets of an IPv6 address. */
function hostName(host: string): string | undefined {
  const [, address, name] = HOST.exec(host) ?? []
  return (address ?? name)?.toLowerCase()
}

const hostOf = (origin: string | undefined): string | undefined =>
  origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined

/**
 * The page with the link cannot read what the link opens. Frames are excluded, because a page can make visitors
 * click in a hidden frame.
 */
const isLinkNavigation = (req: HonoRequest): boolean =>
  req.method === 'GET' &&
  req.header('sec-fetch-mode') === 'navigate' &&
  req.header('sec-fetch-dest') === 'document'

const forbiddenHost = (host: string) =>
  new ProblemError('forbidden', {
    detail: `The host name ${hostName(host) ?? host} is not in ALLOWED_HOSTS`,
  })

const forbiddenOrigin = () =>
  new ProblemError('forbidden', {
    detail: "The origin of the web page is not in the gateway's CORS_ORIGINS",
  })
