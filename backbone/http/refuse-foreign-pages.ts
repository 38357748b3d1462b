import type { HonoRequest, MiddlewareHandler } from 'hono'
import { ProblemError } from '../problem.ts'
import { isLoopback } from '../process/loopback.ts'

interface Allowed {
  /** Host names besides those of loopback. */
  hosts: readonly string[]
  /** Of other pages that may send requests. */
  origins: readonly string[]
}

const HOST = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i

/**
 * For a service that asks nobody who they are: a page that somebody on this machine visits must not use it in their name.
 * A page whose host name was made to resolve to this machine (DNS rebinding) is known by `Host`, any other page by
 * `Sec-Fetch-Site` or `Origin`, as Go's `http.CrossOriginProtection` does. Unlike there, reads are refused too, since they
 * need no credential here. What no browser sends has none of these headers, and is let in. Throws `forbidden`.
 */
export function refuseForeignPages({ hosts, origins }: Allowed): MiddlewareHandler {
  const allowedHosts = new Set(hosts)
  const allowedOrigins = new Set(origins)
  // Nearly all requests have the same one.
  let lastAllowed: string | undefined

  function isAllowedHost(host: string): boolean {
    const name = hostName(host)
    return name !== undefined && (isLoopback(name) || allowedHosts.has(name))
  }

  function isAllowedPage(req: HonoRequest, host: string | undefined): boolean {
    const site = req.header('sec-fetch-site')
    const origin = req.header('origin')
    if (site === undefined && origin === undefined) return true
    if (site === 'same-origin' || site === 'none') return true
    if (origin !== undefined && allowedOrigins.has(origin)) return true
    if (opensDocument(req)) return true
    // Browsers before 2023 send no `Sec-Fetch-Site`. Only the host is compared: a proxy in front may speak TLS.
    return site === undefined && host !== undefined && hostOf(origin) === host.toLowerCase()
  }

  return ({ req }, next) => {
    // Without a host it is a health check that speaks HTTP/1.0.
    const host = req.header('host') || undefined
    if (host !== lastAllowed && host !== undefined) {
      if (!isAllowedHost(host)) throw forbiddenHost(host)
      lastAllowed = host
    }
    if (!isAllowedPage(req, host)) throw forbiddenOrigin()
    return next()
  }
}

/** Lower case, and without the brackets of an IPv6 address. */
function hostName(host: string): string | undefined {
  const [, address, name] = HOST.exec(host) ?? []
  return (address ?? name)?.toLowerCase()
}

const hostOf = (origin: string | undefined): string | undefined =>
  origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined

/** A link that somebody follows: the page with the link cannot read what opens. Frames could be clicked without knowing. */
const opensDocument = (req: HonoRequest): boolean =>
  req.method === 'GET' &&
  req.header('sec-fetch-mode') === 'navigate' &&
  req.header('sec-fetch-dest') === 'document'

const forbiddenHost = (host: string) =>
  new ProblemError('forbidden', {
    detail: `${hostName(host) ?? host} is not a host name of this service; the setting ALLOWED_HOSTS allows it`,
  })

const forbiddenOrigin = () =>
  new ProblemError('forbidden', {
    detail:
      "Pages of other origins may not use this service; the gateway's setting CORS_ORIGINS allows an origin",
  })
