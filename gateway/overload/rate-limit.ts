import type { Context, MiddlewareHandler, Next } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { clientAddress } from './client-address.ts'
import { createRateLimiter, type Quota } from './gcra.ts'

export interface AddressRate {
  /** Requests per second; undefined: no limit. */
  rate: number | undefined
  trustedProxies: number
}

/** Limits nothing. */
const passOn: MiddlewareHandler = (_, next) => next()

/** Without those that limit nothing: each middleware costs a few percent of a checkout. */
export const inForce = <Env extends AccessEnv>(
  handlers: readonly MiddlewareHandler<Env>[],
): MiddlewareHandler<Env>[] => handlers.filter((handler) => handler !== passOn)

/** The first check of a request: one address must not keep this gateway busy. */
export function limitAddress({ rate, trustedProxies }: AddressRate): MiddlewareHandler<AccessEnv> {
  if (rate === undefined) return passOn
  const take = createRateLimiter()
  return (context, next) => {
    const address = clientAddress(context, trustedProxies)
    return address === undefined ? next() : hold(context, next, 'address', take(address, rate))
  }
}

/** Limits keys that have a rate. */
export function limitKey(hasKeys: boolean): MiddlewareHandler<AccessEnv> {
  if (!hasKeys) return passOn
  const take = createRateLimiter()
  return (context, next) => {
    const key = context.get('key')
    return key?.rate === undefined ? next() : hold(context, next, 'key', take(key.id, key.rate))
  }
}

async function hold(context: Context, next: Next, policy: string, quota: Quota): Promise<void> {
  if (!quota.allowed) throw tooMany(policy, quota)
  await next()
  setQuotaHeaders(context.res.headers, policy, quota)
}

export function tooMany(policy: string, quota: Quota): ProblemError {
  const headers = new Headers({ 'retry-after': String(quota.resetSeconds) })
  setQuotaHeaders(headers, policy, quota)
  return new ProblemError('rate-limited', { headers: Object.fromEntries(headers) })
}

/** draft-ietf-httpapi-ratelimit-headers-10. Both policies may apply, so the value is a list. */
function setQuotaHeaders(
  headers: Headers,
  policy: string,
  { quota, windowSeconds, remaining, resetSeconds }: Quota,
) {
  headers.append('ratelimit-policy', `"${policy}";q=${quota};w=${windowSeconds}`)
  headers.append('ratelimit', `"${policy}";r=${remaining};t=${resetSeconds}`)
}
