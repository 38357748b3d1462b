import { LRUCache } from 'lru-cache'

// A client may use this much of its rate in one burst.
const WINDOW_SECONDS = 10
const MOST_REMEMBERED = 100_000
// The sums of times are floats: their last digit must not cause a rejection, or a wait that is a second longer.
const ROUNDING_MS = 1e-6

/** The remaining quota, with the terms of draft-ietf-httpapi-ratelimit-headers. */
export interface Quota {
  allowed: boolean
  /** Size of the burst that an idle client may send. */
  quota: number
  windowSeconds: number
  remaining: number
  /** Seconds until the full quota is available; after a rejection, until the next request is allowed. */
  resetSeconds: number
}

/**
 * Rate limits for many clients, with the generic cell rate algorithm (ITU-T I.371, annex A). Each client has
 * one number: the time at which its requests would all have arrived at an even rate. If there are too many
 * clients, those that were idle longest are reset.
 */
export function createRateLimiter(now: () => number = () => performance.now()) {
  const evenlyAt = new LRUCache<string, number>({ max: MOST_REMEMBERED })

  /** `rate` is in requests per second. A rejected request is not charged, nor one that only asks. */
  return (who: string, rate: number, { onlyAsks = false } = {}): Quota => {
    const quota = Math.max(1, Math.floor(rate * WINDOW_SECONDS))
    const windowSeconds = Math.max(WINDOW_SECONDS, Math.ceil(1 / rate))
    const intervalMs = 1_000 / rate
    const at = now()
    const before = Math.max(at, evenlyAt.get(who) ?? 0)
    const after = before + intervalMs
    const tooFarMs = after - at - quota * intervalMs
    const allowed = tooFarMs <= ROUNDING_MS
    if (allowed && !onlyAsks) evenlyAt.set(who, after)
    return {
      allowed,
      quota,
      windowSeconds,
      remaining: allowed ? Math.floor(quota - (after - at) / intervalMs + 1e-6) : 0,
      resetSeconds: Math.ceil(((allowed ? after - at : tooFarMs) - ROUNDING_MS) / 1_000),
    }
  }
}
