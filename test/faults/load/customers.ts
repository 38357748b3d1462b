import type { Checkout } from '../../../backbone/records/checkout.ts'
import { integerBetween } from '../../../loadgen/shoppers/draws.ts'
import { createSeededRandom } from '../../../loadgen/shoppers/seeded-random.ts'
import { createShoppers } from '../../../loadgen/shoppers/shopper.ts'
import { defaultShares } from '../../../loadgen/shoppers/shopper-shares.ts'

// Few enough that the streams, which carry the notifications of buyers, are not the main load.
const SHARES = { ...defaultShares, buyers: 0.3, path: 0.2 }
const MISTAKES_FROM = 1_000_000_000
// A stream of random numbers that the shoppers do not use.
const CLICK_STREAM = 99

/** The plan of a customer. Depends only on the seed and the number. */
export interface Customer {
  number: number
  key: string | undefined
  body: string
  /** Pause between the answer and a second click. */
  clicksAgainAfterMs: number | undefined
  /** Another body that is sent with the same key. */
  mistake: { number: number; body: string } | undefined
}

export function createCustomers(seed: number, run: string): (number: number) => Customer {
  const shopperOf = createShoppers(seed, SHARES)
  const randomizer = createSeededRandom()

  function clickDelay(number: number): number {
    randomizer.seed([seed, number, CLICK_STREAM])
    return integerBetween(() => randomizer.next(), 50, 500)
  }

  return (number) => {
    const made = shopperOf(number)
    const shopper = number % 61 === 0 ? { ...made, folio: null } : made
    const key = number % 151 === 7 ? undefined : `"${run}-${number}"`
    const mistaken = key !== undefined && number % 211 === 9
    return {
      number,
      key,
      body: bodyOf(shopper, number),
      clicksAgainAfterMs: number % 97 === 5 ? clickDelay(number) : undefined,
      mistake: mistaken ? mistakeOf(shopper, MISTAKES_FROM + number) : undefined,
    }
  }
}

const mistakeOf = (shopper: Checkout, number: number) => ({
  number,
  body: bodyOf({ ...shopper, productovisto: `${shopper.productovisto} (otro)` }, number),
})

/** The number in the address makes it unique, also without a key. */
const bodyOf = (shopper: Checkout, number: number) =>
  JSON.stringify({
    ...shopper,
    ubicacion: { ...shopper.ubicacion, direccion: `${shopper.ubicacion.direccion} #${number}` },
  })
