import { z } from 'zod'
import { type Correction, correctCheckout } from './correct-checkout.ts'

// RFC 6531 lets letters beyond ASCII into an address, and names of this store's customers have them.
const EMAIL =
  /^(?!\.)(?!.*\.\.)[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}][\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}]$/u

// Any character: a dot would need the flag `s`, which a JSON schema does not have. With `u` it is one, not a UTF-16 unit.
const name = z.string().regex(/^[\s\S]{1,80}$/u, 'must have 1 to 80 characters')

/** The checkout record of DOMAIN.md, normalised. The order of the fields is the canonical one: see {@link canonicalCheckout}. */
export const checkoutSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits'),
  nombre: name,
  apellido: name,
  edad: z.number().int().min(0).max(130),
  // Aborting, so that the pattern never meets a longer string than this.
  email: z
    .string()
    .max(254, { abort: true, error: 'must have at most 254 characters' })
    .regex(EMAIL, 'must be an e-mail address'),
  telefono: z.string(),
  ubicacion: z.object({ direccion: z.string(), ciudad: z.string(), pais: z.string() }),
  productovisto: z.string(),
  taps: z.number().min(0).nullable(),
  folio: z
    .string()
    .regex(/^[A-Z]{3}-[0-9]{4}$/, 'must be three capitals, a dash and four digits')
    .nullable(),
})

export type Checkout = z.infer<typeof checkoutSchema>

export interface CorrectedCheckout {
  checkout: Checkout
  /** What was changed to make it valid, in the order of the fields; empty when it came as it should. */
  corrections: Correction[]
}

/** Takes any JSON value: corrects what is safe to correct, then holds it to every rule, naming all faults at once. */
export const incomingCheckoutSchema = z.unknown().transform((raw, context): CorrectedCheckout => {
  const { value, corrections } = correctCheckout(raw)
  const parsed = checkoutSchema.safeParse(value)
  if (parsed.success) return { checkout: parsed.data, corrections }
  for (const issue of parsed.error.issues) context.addIssue({ ...issue })
  return z.NEVER
})

/** The bytes that stand for a checkout, in DataTopic and under its hash: the fields in the schema's order, no white space. */
export function canonicalCheckout(checkout: Checkout): string {
  return JSON.stringify(checkout)
}
