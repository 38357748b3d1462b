import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { type Lane, laneOf } from '../../backbone/records/partition.ts'
import { condense, type Expectation, expectedOutcome } from '../outcomes/expected-outcome.ts'
import { createShoppers } from '../shoppers/shopper.ts'
import type { ShopperShares } from '../shoppers/shopper-shares.ts'

/** A checkout ready to be sent, and what must come of it. */
export interface PreparedCheckout {
  body: string
  lane: Lane
  expected: Expectation
}

/** The checkout of an iteration. */
export type CheckoutSource = (iteration: number) => PreparedCheckout

export function shopperSource(seed: number, shares: ShopperShares): CheckoutSource {
  const shopperOf = createShoppers(seed, shares)
  return (iteration) => {
    const checkout = shopperOf(iteration)
    return {
      body: JSON.stringify(checkout),
      lane: laneOf(checkout),
      expected: condense(expectedOutcome(checkout)),
    }
  }
}

/** Lines of a file, each once and byte for byte. What breaks the rules is sent all the same. */
export function replaySource(bodyOf: (iteration: number) => string): CheckoutSource {
  return (iteration) => {
    const body = bodyOf(iteration)
    const parsed = parseCheckout(JSON.parse(body))
    return parsed.is === 'valid'
      ? { body, lane: laneOf(parsed.checkout), expected: condense(expectedOutcome(parsed.checkout)) }
      : { body, lane: 'browse', expected: condense({ kind: 'invalid', message: null }) }
  }
}
