import { isIP, isIPv4 } from 'node:net'
import type { Context } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'

const GROUPS = 8
/** What one subscriber usually has of IPv6 is 64 bits: each of its addresses would have a rate of its own. */
const SUBSCRIBER_GROUPS = 4

/**
 * Whose request it is: the peer's address, or, behind so many proxies, the one that the first of them met. Each appends
 * who it met to `X-Forwarded-For`; what stands before that, anyone may have written. Who came around them is the peer, and so is
 * whose address cannot be read: it must not be nobody's.
 */
export function clientAddress(context: Context<AccessEnv>, trustedProxies: number): string | undefined {
  const forwarded = context.req.header('x-forwarded-for')?.split(',') ?? []
  const told = trustedProxies === 0 ? undefined : forwarded.at(-trustedProxies)?.trim()
  return subscriberOf(told ?? '') ?? subscriberOf(context.env.address?.() ?? '')
}

/** The address, but of IPv6 the network of its subscriber; undefined for what is none. A port, as some proxies tell it, is left out. */
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
