import { parseCheckout } from '../backbone/records/parse-checkout.ts'

/** A checkout without faults, as it is stored. Throws with the faults of any other. */
export function parseValid(raw: unknown) {
  const parsed = parseCheckout(raw)
  if (parsed.is !== 'valid') throw new Error(JSON.stringify(parsed.faults))
  const { checkout, corrections } = parsed
  return { checkout, corrections }
}
