import { type Checkout, checkoutSchema, type FaultyPurchase } from './checkout.ts'
import { faultsOf } from './checkout-faults.ts'
import { type Correction, correctCheckout, isObject } from './correct-checkout.ts'
import type { Fault } from './fault.ts'

/** Any JSON value, read as a checkout. */
export type ParsedCheckout =
  | { is: 'valid'; checkout: Checkout; corrections: Correction[]; faults: [] }
  /** `id`, `taps` and `folio` prove a purchase; other fields have faults. */
  | { is: 'faulty purchase'; checkout: FaultyPurchase; corrections: Correction[]; faults: Fault[] }
  | { is: 'invalid'; faults: Fault[] }

const PROOF: ReadonlySet<string> = new Set(['/id', '/taps', '/folio'])

/**
 * Corrects what is safe to correct, then checks every rule and reports all faults at once. Fields that are not known are left
 * out. What is stored of a purchase with faults is parsed to the same again.
 */
export function parseCheckout(raw: unknown): ParsedCheckout {
  const { value, corrections } = correctCheckout(raw)
  const { success, data, error } = checkoutSchema.safeParse(value)
  if (success) return { is: 'valid', checkout: data, corrections, faults: [] }

  const faults = faultsOf(error.issues, value)
  const isProven = isObject(value) && typeof value.taps === 'number' && value.taps > 0 && value.folio !== null
  if (!isProven || faults.some(({ pointer }) => pointer === '' || PROOF.has(pointer)))
    return { is: 'invalid', faults }
  return { is: 'faulty purchase', checkout: keepAsSent(value) as FaultyPurchase, corrections, faults }
}

/**
 * What is kept of a faulty purchase: texts, numbers, truth values and null as they were sent. Of a list or an object where none
 * belongs only that it was one: it may be nested more deeply than can be written out. A number that JSON cannot write
 * becomes the largest one.
 */
function keepAsSent(value: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(value).map(([field, sent]) => {
    if (field === 'ubicacion' && isObject(sent)) return [field, keepAsSent(sent)]
    if (Array.isArray(sent)) return [field, []]
    if (isObject(sent)) return [field, {}]
    if (sent === Number.POSITIVE_INFINITY) return [field, Number.MAX_VALUE]
    if (sent === Number.NEGATIVE_INFINITY) return [field, -Number.MAX_VALUE]
    return [field, sent]
  })
  return Object.fromEntries(entries)
}
