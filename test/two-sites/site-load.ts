import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { createTestRandom } from '../../processor/testing/random.ts'
import { checkoutKinds, checkoutOf } from '../checkouts.ts'

type Checkout = ReturnType<typeof checkoutOf>

/** A checkout that a gateway has acknowledged. */
export interface Acknowledged {
  eventId: string
  partition: number
  key: string
  checkout: Checkout
}

interface LoadOptions {
  /** Of the site that takes checkouts now. */
  url: () => string
  random: ReturnType<typeof createTestRandom>
  /** Checkouts that are also sent again, under their keys. */
  known?: readonly Acknowledged[]
}

const WORKERS = 6
const PAUSE_MS = 20
const REPEATED = 0.2

/** Shoppers that send one checkout after another until they are stopped. Only acknowledged ones count. */
export function startLoad({ url, random, known = [] }: LoadOptions) {
  const acknowledged: Acknowledged[] = []
  const stopping = new AbortController()
  let number = 0

  function next(): { key: string; checkout: Checkout } {
    const earlier = random.chance(0.5) ? known : acknowledged
    const repeated = random.chance(REPEATED) ? earlier[random.below(earlier.length)] : undefined
    if (repeated) return repeated
    const kind = checkoutKinds[random.below(checkoutKinds.length)] ?? 'quick'
    return { key: randomUUID(), checkout: checkoutOf(kind, number++) }
  }

  async function shop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { key, checkout } = next()
      try {
        const response = await fetch(`${url()}/checkout`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(checkout),
        })
        const body = (await response.json()) as Pick<Acknowledged, 'eventId' | 'partition'>
        if (response.status === 202) acknowledged.push({ ...body, key, checkout })
      } catch {
        // The site is lost.
      }
      await sleep(PAUSE_MS)
    }
  }
  const shopping = Promise.all(Array.from({ length: WORKERS }, shop))

  return {
    acknowledged: acknowledged as readonly Acknowledged[],
    async stop(): Promise<void> {
      stopping.abort()
      await shopping
    },
  }
}
