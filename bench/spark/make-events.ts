import type { Checkout } from '../../backbone/records/checkout.ts'
import { createShoppers } from '../../loadgen/shoppers/shopper.ts'
import { defaultShares } from '../../loadgen/shoppers/shopper-shares.ts'
import { awkwardCases, type EventCase, ordinary, type Value } from './awkward-cases.ts'

/** One record to write. */
export interface EventRecord {
  case: string
  value: Value
  /** The first record of each event has the number of the event; a further one the same. */
  event: number
  eventId?: string
}

const ORDINARY_OF_FIVE = 3
const SHARES = {
  any: defaultShares,
  quick: { ...defaultShares, buyers: 1, slow: 0 },
  slow: { ...defaultShares, buyers: 1, slow: 1 },
  visit: { ...defaultShares, buyers: 0 },
}

/** Three of five events are ordinary; the others are every awkward case in turn. A seed always makes the same ones. */
export function makeEvents(count: number, seed: number): EventRecord[] {
  const shoppers = {
    any: createShoppers(seed, SHARES.any),
    quick: createShoppers(seed, SHARES.quick),
    slow: createShoppers(seed, SHARES.slow),
    visit: createShoppers(seed, SHARES.visit),
  }
  const records: EventRecord[] = []
  for (let event = 0, awkward = 0; records.length < count; event++) {
    const isOrdinary = event % 5 < ORDINARY_OF_FIVE
    const eventCase = isOrdinary ? ordinary : awkwardCases[awkward++ % awkwardCases.length]
    if (eventCase === undefined) continue
    records.push(...recordsOf(eventCase, shoppers[eventCase.of ?? 'quick'](event), event))
  }
  return records.slice(0, count)
}

function recordsOf({ name, value, again }: EventCase, checkout: Checkout, event: number): EventRecord[] {
  const id = again?.sameEventId ? { eventId: `event-${event}` } : {}
  const first = { case: name, value: value(checkout), event, ...id }
  return again ? [first, { case: again.name, value: again.value(checkout), event, ...id }] : [first]
}
