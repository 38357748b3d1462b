import { LRUCache } from 'lru-cache'

// Whoever comes in bursts may use up so much of its rate at once.
const WINDOW_SECONDS = 10
const MOST_REMEMBERED = 100_000
// The sums of times are floats: nobody is refused, or waits a second more, because of their last digit.
const ROUNDING_MS = 1e-6

/** What is left of a rate, in the words of draft-ietf-httpapi-ratelimit-headers. */
export interface Quota {
  allowed: boolean
  /** Requests that one who was quiet may make at once. */
  quota: number
  windowSeconds: number
  remaining: number
  /** Until all of the quota is there again; for one who was refused, until the next request is allowed. */
  resetSeconds: number
}

/**
 * A rate for each of many, by the generic cell rate algorithm (ITU-T I.371, annex A): each holds one number, the time at
 * which its requests would all have come at an even pace. Of more than are remembered, those who were quiet the longest
 * begin anew.
 */
export function createRateLimiter(now: () => number = () => performance.now()) {
  const evenlyAt = new LRUCache<string, number>({ max: MOST_REMEMBERED })

  /** `rate` is in requests a second. One who is refused is not charged. */
  return (who: string, rate: number): Quota => {
    const quota = Math.max(1, Math.floor(rate * WINDOW_SECONDS))
    const windowSeconds = Math.max(WINDOW_SECONDS, Math.ceil(1 / rate))
    const intervalMs = 1_000 / rate
    const at = now()
    const before = Math.max(at, evenlyAt.get(who) ?? 0)
    const after = before + intervalMs
    const tooFarMs = after - at - quota * intervalMs
    const allowed = tooFarMs <= ROUNDING_MS
    if (allowed) evenlyAt.set(who, after)
    return {
      allowed,
      quota,
      windowSeconds,
      remaining: allowed ? Math.floor(quota - (after - at) / intervalMs + 1e-6) : 0,
      resetSeconds: Math.ceil(((allowed ? after - at : tooFarMs) - ROUNDING_MS) / 1_000),
    }
  }
}
