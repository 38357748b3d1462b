import { isIP, isIPv4 } from 'node:net'
import type { Context } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'

const GROUPS = 8
/** An IPv6 subscriber usually has a whole /64 network. It has one rate: otherwise each of its addresses would have one. */
const SUBSCRIBER_GROUPS = 4

/**
 * The client address of a request: the peer, or, behind this many proxies, the address that the first proxy
 * saw. Each proxy appends its peer to `X-Forwarded-For`; anyone may have written the values before. If the
 * header is missing or unreadable, the request counts for the peer, so that every request counts.
 */
export function clientAddress(context: Context<AccessEnv>, trustedProxies: number): string | undefined {
  const forwarded = context.req.header('x-forwarded-for')?.split(',') ?? []
  const forwardedAddress = trustedProxies === 0 ? undefined : forwarded.at(-trustedProxies)?.trim()
  return subscriberOf(forwardedAddress ?? '') ?? subscriberOf(context.env.address?.() ?? '')
}

/**
 * The address, or for IPv6 the network of its subscriber; undefined for invalid input. A port, which some
 * proxies append, is removed.
 */
export function subscriberOf(address: string): string | undefined {
  const [, host = address] = /^\[(.*)\](?::\d+)?$/.exec(address) ?? /^([\d.]+):\d+$/.exec(address) ?? []
  const bare = host.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(bare)) return bare
  if (isIP(bare) === 0) return undefined
  const [before = '', after = ''] = bare.replace(/%.*$/, '').split('::')
  const head = before.split(':').filter(Boolean)
  const tail = after.split(':').filter(Boolean)
  const zeros = Array<string>(Math.max(0, GROUPS - head.length - tail.length)).fill('0')
  const groups = bare.includes('::') ? [...head, ...zeros, ...tail] : head
  return groups
    .slice(0, SUBSCRIBER_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
