import { z } from 'zod'
import { limitedText, text } from './limited-text.ts'

// RFC 6531 allows letters beyond ASCII in an address, and the names of this store's customers contain them.
const EMAIL =
  /^(?!\.)(?!.*\.\.)[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}][\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}]$/u

const AGE = 'must be a whole number from 0 to 130'
const MINUTES = 'must be a number of minutes, 0 or more'
const SECONDS = 'must be a number of seconds, 0 or more'

export const MOST_STAGES = 50
const STAGES = `must have 1 to ${MOST_STAGES} stages`

// The texts of the faults: see checkout-faults.ts.
const name = limitedText(1, 80)
const id = text.regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits')
const folio = text.regex(/^[A-Z]{3}-[0-9]{4}$/, 'must be three capital letters, a dash and four digits')

const stageSchema = z.object(
  {
    etapa: limitedText(1, 40),
    // The largest number stands for an infinite one in faulty purchases: see parse-checkout.ts.
    segundos: z.number(SECONDS).min(0, SECONDS).lt(Number.MAX_VALUE, SECONDS),
    error: limitedText(1, 40).optional(),
  },
  'must be an object',
)

/** A stage of the customer's path through the shop. */
export type Stage = z.infer<typeof stageSchema>

/**
 * The checkout record of docs/reference/domain.md, normalised. The order of the fields is canonical: see {@link
 * canonicalCheckout}.
 */
export const checkoutSchema = z.object(
  {
    id,
    nombre: name,
    apellido: name,
    edad: z.number(AGE).int(AGE).min(0, AGE).max(130, AGE),
    // Aborts, so that the pattern is never applied to a longer string.
    email: text
      .max(254, { abort: true, error: 'must have at most 254 characters' })
      .regex(EMAIL, 'must be an e-mail address'),
    telefono: text,
    ubicacion: z.object({ direccion: text, ciudad: text, pais: text }, 'must be an object'),
    productovisto: text,
    taps: z.number(MINUTES).min(0, MINUTES).nullable(),
    folio: folio.nullable(),
    recorrido: z.array(stageSchema, 'must be a list').min(1, STAGES).max(MOST_STAGES, STAGES).optional(),
  },
  'must be a JSON object',
)

export type Checkout = z.infer<typeof checkoutSchema>

const asSent = z.unknown().optional()

/**
 * A purchase with valid `id`, `taps` and `folio`, and faults in other fields (docs/reference/domain.md,
 * Classification). The other fields are stored as they were sent, after possible corrections: see
 * parse-checkout.ts.
 */
export const faultyPurchaseSchema = z.object({
  id,
  nombre: asSent,
  apellido: asSent,
  edad: asSent,
  email: asSent,
  telefono: asSent,
  ubicacion: asSent,
  productovisto: asSent,
  taps: z.number().gt(0),
  folio,
  recorrido: asSent,
} satisfies Record<keyof Checkout, z.ZodType>)

export type FaultyPurchase = z.infer<typeof faultyPurchaseSchema>

/** Checkouts that DataTopic and outcomes can contain. */
export type StoredCheckout = Checkout | FaultyPurchase

/**
 * The canonical text of a checkout, stored in DataTopic and hashed: the fields in the order of the schema, no
 * white space.
 */
export function canonicalCheckout(checkout: StoredCheckout): string {
  return JSON.stringify(checkout)
}
