import { parseCheckout } from '../backbone/records/parse-checkout.ts'

/** A valid checkout, as it is stored. Throws with the faults of an invalid one. */
export function parseValid(raw: unknown) {
  const parsed = parseCheckout(raw)
  if (parsed.is !== 'valid') throw new Error(JSON.stringify(parsed.faults))
  const { checkout, corrections } = parsed
  return { checkout, corrections }
}
