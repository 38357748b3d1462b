import { z } from 'zod'
import { type Checkout, checkoutSchema, type FaultyPurchase } from './checkout.ts'
import { faultsOf } from './checkout-faults.ts'
import { type Correction, correctCheckout, isObject } from './correct-checkout.ts'
import type { Fault } from './fault.ts'

/** Result of reading any JSON value as a checkout. */
export type ParsedCheckout =
  | { is: 'valid'; checkout: Checkout; corrections: Correction[]; faults: [] }
  /** `id`, `taps` and `folio` prove a purchase; other fields have faults. */
  | { is: 'faulty purchase'; checkout: FaultyPurchase; corrections: Correction[]; faults: Fault[] }
  | { is: 'invalid'; faults: Fault[] }

// Takes a third of the time of the schema itself, which zod uses again for the issues of a checkout with faults.
const compiledSchema = z.compile(checkoutSchema)
const PROOF: ReadonlySet<string> = new Set(['/id', '/taps', '/folio'])

/**
 * Applies the safe corrections, then checks every rule and reports all faults at once. Unknown fields are
 * dropped. The stored form of a faulty purchase parses to the same result again.
 */
export function parseCheckout(raw: unknown): ParsedCheckout {
  const { value, corrections } = correctCheckout(raw)
  const { success, data, error } = compiledSchema.safeParse(value)
  if (success) return { is: 'valid', checkout: data, corrections, faults: [] }

  const faults = faultsOf(checkoutSchema, error.issues, value)
  const isProven = isObject(value) && typeof value.taps === 'number' && value.taps > 0 && value.folio !== null
  if (!isProven || faults.some(({ pointer }) => pointer === '' || PROOF.has(pointer)))
    return { is: 'invalid', faults }
  return { is: 'faulty purchase', checkout: keepAsSent(value) as FaultyPurchase, corrections, faults }
}

/**
 * The stored form of a faulty purchase: texts, numbers, booleans and null as they were sent, also those in the
 * known fields of `ubicacion` and of the stages of `recorrido`. An unexpected list or object is reduced to an
 * empty one, because it may be nested too deeply to be serialised. A number that JSON cannot represent becomes
 * the largest one.
 */
function keepAsSent(value: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(value).map(([field, sent]) => {
    if (field === 'ubicacion' && isObject(sent)) return [field, keepAsSent(sent)]
    if (field === 'recorrido' && Array.isArray(sent))
      return [field, sent.map((stage) => (isObject(stage) ? keepAsSent(stage) : keepValue(stage)))]
    return [field, keepValue(sent)]
  })
  return Object.fromEntries(entries)
}

function keepValue(sent: unknown): unknown {
  if (Array.isArray(sent)) return []
  if (isObject(sent)) return {}
  if (sent === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  if (sent === Number.NEGATIVE_INFINITY) return -Number.MAX_VALUE
  return sent
}
