import { overloaded } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { createGradientLimit } from './gradient-limit.ts'

/**
 * What a request is worth when there is too much of all, the most worthy first. Retries of what is remembered come before all
 * of these: they cost no room at Kafka, and are always taken.
 */
export type Criticality = Lane | 'read' | 'page'

interface AdmissionOptions {
  /** Most that may ever be in flight. */
  most: number
  /** Records that one request to Kafka takes. */
  requestRecords: number
  /** Whether this process has more to do than it can. */
  isOverworked: () => boolean
  now?: () => number
}

/** Shares of the limit that nobody else can take; what one leaves unused, the others may have. */
const SHARES: Record<Exclude<Criticality, 'purchase'>, number> = { browse: 0.1, read: 0.1, page: 0.02 }
// For all but buyers while buyers are among those who wait for an overworked process: what waits to be looked at shows in no latency
// of publishing, and comes before whatever is decided here.
const PLACES_BESIDE_BUYERS = 64
const BUYERS_ARE_AROUND_FOR_MS = 1_000

export interface Admission {
  /** Takes a place, or throws `overloaded`. The place must be given back. */
  enter: (criticality: Criticality) => () => void
  /** Publishes with a place, or rejects with `overloaded`; how long it takes is what the limit goes by. */
  publish: <Stored>(lane: Lane, publish: () => Promise<Stored>) => Promise<Stored>
  /** For what can be told before a body is read. */
  hasPlace: (criticality: Criticality) => boolean
  /** Throws `overloaded` when there would be no place now. */
  check: (criticality: Criticality) => void
  /** In flight, and how much may be. */
  load: () => { inFlight: number; limit: number }
}

/**
 * Lets in what this process can do in time. The limit is found by the latency of publishing; below it everyone is let in,
 * above it only who has not had their share. Buyers are held to no limit but that of the publisher's queue, where they wait
 * their turn; when they would have to wait for the process itself, the others have few places.
 */
export function createAdmission({
  most,
  requestRecords,
  isOverworked,
  now = () => performance.now(),
}: AdmissionOptions): Admission {
  const limit = createGradientLimit(
    {
      // What came during a pause goes out at once.
      initial: Math.min(requestRecords, most),
      // What fits the next request waits for nothing: a lower limit makes requests smaller, not shorter. With a tenth of it,
      // gateways whose limit had fallen stored a third of what they could, and those who were refused came again and kept it so.
      least: Math.min(requestRecords / 2, most),
      most,
    },
    now,
  )
  const inFlight: Record<Criticality, number> = { purchase: 0, browse: 0, read: 0, page: 0 }
  let lastStoredAt = Number.NEGATIVE_INFINITY
  let lastBuyerAt = Number.NEGATIVE_INFINITY
  const total = () => inFlight.purchase + inFlight.browse + inFlight.read + inFlight.page

  function places(): number {
    const buyersWait = isOverworked() && now() - lastBuyerAt < BUYERS_ARE_AROUND_FOR_MS
    return buyersWait ? Math.min(limit.current(), PLACES_BESIDE_BUYERS) : limit.current()
  }

  function hasPlace(criticality: Criticality): boolean {
    if (criticality === 'purchase') return true
    const there = places()
    return total() < there || inFlight[criticality] < there * SHARES[criticality]
  }

  function check(criticality: Criticality) {
    if (!hasPlace(criticality)) throw overloaded({ givesWay: true })
  }

  function enter(criticality: Criticality) {
    check(criticality)
    if (criticality === 'purchase') lastBuyerAt = now()
    inFlight[criticality]++
    return () => {
      inFlight[criticality]--
    }
  }

  return {
    hasPlace,
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
        // While Kafka stores nothing for anybody, nobody waits for the others: fewer of them would not help, and when it is
        // back, all who have been waiting come at once.
        if (lastStoredAt >= began) limit.observe(now() - began, together)
      }
    },
    load: () => ({ inFlight: total(), limit: places() }),
  }
}
