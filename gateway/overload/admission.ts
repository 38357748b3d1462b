import { overloaded } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { createGradientLimit } from './gradient-limit.ts'

/**
 * Criticality of requests under overload, highest first. Retries with a remembered answer are above all of
 * these: they need no room at Kafka, and are always answered.
 */
export type Criticality = Lane | 'read' | 'operate' | 'page'

interface AdmissionOptions {
  /** Upper bound of the limit. */
  most: number
  /** Records in one full request to Kafka. */
  requestRecords: number
  /** Whether the event loop of this process is overloaded. */
  isOverloaded: () => boolean
  /** Whether all checkouts wait because customers move to more partitions: then as many as `most` may wait. */
  isHeld?: () => boolean
  now?: () => number
}

/** Reserved shares of the limit. Others may use the unused part of a share. */
const SHARES: Record<Exclude<Criticality, 'purchase'>, number> = {
  browse: 0.1,
  read: 0.1,
  // Under overload operators look at the system, too.
  operate: 0.02,
  page: 0.02,
}
// While the event loop is overloaded, every request waits for it before it can be admitted or rejected here. That
// wait is not part of the publish latency, so the limit does not fall. If purchases are among those that wait, other
// requests have this small limit instead.
const LIMIT_BESIDE_PURCHASES = 64
// Purchases are assumed to wait until none has arrived for this time.
const PURCHASES_WAIT_FOR_MS = 1_000

export interface Admission {
  /** Admits a request, or throws `overloaded`. Call the result when the request ends. */
  enter: (criticality: Criticality) => () => void
  /** Admits and publishes, or rejects with `overloaded`. The limit follows the duration of these calls. */
  publish: <Stored>(lane: Lane, publish: () => Promise<Stored>) => Promise<Stored>
  /** For decisions before a body is read. */
  hasRoom: (criticality: Criticality) => boolean
  /** Throws `overloaded` if a request would not be admitted now. */
  check: (criticality: Criticality) => void
  /** Requests in flight, and the limit. */
  load: () => { inFlight: number; limit: number }
}

/**
 * Admits the requests that this process can handle in time. The limit follows the publish latency. Below it
 * all requests are admitted, above it only those within their reserved share. Purchases are only limited by
 * the publisher's queue. While purchases wait for the event loop itself, other requests have a small limit.
 */
export function createAdmission({
  most,
  requestRecords,
  isOverloaded,
  isHeld = () => false,
  now = () => performance.now(),
}: AdmissionOptions): Admission {
  const limit = createGradientLimit(
    {
      // Requests that arrive during a pause are sent immediately after it.
      initial: Math.min(requestRecords, most),
      // Records that fit into the next request do not wait: a lower limit makes requests smaller, not faster.
      // With a tenth of this minimum, gateways with a low limit stored only a third of their capacity, and
      // the retries of rejected requests kept it low.
      least: Math.min(requestRecords / 2, most),
      most,
    },
    now,
  )
  const inFlight: Record<Criticality, number> = { purchase: 0, browse: 0, read: 0, operate: 0, page: 0 }
  let lastStoredAt = Number.NEGATIVE_INFINITY
  let lastPurchaseAt = Number.NEGATIVE_INFINITY
  const total = () => Object.values(inFlight).reduce((sum, count) => sum + count, 0)

  function currentLimit(): number {
    const purchasesWait = isOverloaded() && now() - lastPurchaseAt < PURCHASES_WAIT_FOR_MS
    if (isHeld()) return most
    return purchasesWait ? Math.min(limit.current(), LIMIT_BESIDE_PURCHASES) : limit.current()
  }

  function hasRoom(criticality: Criticality): boolean {
    if (criticality === 'purchase') return true
    const allowed = currentLimit()
    return total() < allowed || inFlight[criticality] < allowed * SHARES[criticality]
  }

  function check(criticality: Criticality) {
    if (!hasRoom(criticality)) throw overloaded({ givesWay: true })
  }

  function enter(criticality: Criticality) {
    check(criticality)
    if (criticality === 'purchase') lastPurchaseAt = now()
    inFlight[criticality]++
    return () => {
      inFlight[criticality]--
    }
  }

  return {
    hasRoom,
    check,
    enter,
    async publish(lane, publish) {
      const leave = enter(lane)
      const began = now()
      const together = total()
      try {
        const stored = await publish()
        lastStoredAt = now()
        return stored
      } finally {
        leave()
        // While Kafka stores nothing, requests do not wait for each other: fewer of them would not help.
        // After the pause all waiting ones complete at once.
        if (lastStoredAt >= began) limit.observe(now() - began, together)
      }
    },
    load: () => ({ inFlight: total(), limit: currentLimit() }),
  }
}
