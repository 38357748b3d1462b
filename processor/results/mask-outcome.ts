import type { Identity } from '../../backbone/access/identity.ts'
import type { Checkout, FaultyPurchase } from '../../backbone/records/checkout.ts'
import { isObject } from '../../backbone/records/correct-checkout.ts'
import type { Fault } from '../../backbone/records/fault.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { messageFor } from '../classify/message.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'

/** An outcome's JSON as somebody may see it. */
export type Present = (json: Uint8Array) => Uint8Array

const MASK = '***'
// An address like any other, so that whoever checks what they read goes on working. Nobody has it (RFC 2606).
const MASKED_EMAIL = 'masked@example.invalid'
type InClear = 'id' | 'edad' | 'productovisto' | 'taps' | 'folio'
// Whoever adds a field to the checkout decides here whether it is personal. Of `ubicacion` only `direccion` is.
const MASKED = {
  nombre: MASK,
  apellido: MASK,
  email: MASKED_EMAIL,
  telefono: MASK,
} satisfies Record<Exclude<keyof Checkout, InClear | 'ubicacion'>, string>

const inClear: Present = (json) => json

/** In clear for those who may see personal data, masked for others. */
export function createPresentation(storeName: string): (identity: Identity) => Present {
  const masked: Present = (json) => Buffer.from(JSON.stringify(maskOutcome(parseOutcome(json), storeName)))
  return ({ scopes }) => (scopes.has('personal') ? inClear : masked)
}

/** Without names, telephone, e-mail and street; the id, by which the store knows the customer, stays. */
function maskOutcome(outcome: Outcome, storeName: string): Outcome {
  const { kind, checkout: clear, faults } = outcome
  if (clear === null) return outcome
  // Only one with faults breaks the schema of a checkout.
  if (faults !== undefined) return { ...outcome, checkout: maskFaulty(clear as FaultyPurchase, faults) }
  const { ubicacion, ...rest } = clear as Checkout
  const checkout = { ...rest, ...MASKED, ubicacion: { ...ubicacion, direccion: MASK } }
  // The message has the name in it.
  return { ...outcome, message: messageFor(kind, checkout, storeName), checkout }
}

/** Without the faulty fields, too: a name may stand where the age belongs. */
function maskFaulty(checkout: FaultyPurchase, faults: Fault[]): FaultyPurchase {
  const faulty = new Set(faults.map(({ pointer }) => pointer))
  const withoutFaulty = (fields: Record<string, unknown>, parent = '') =>
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        faulty.has(`${parent}/${field}`) ? null : value,
      ]),
    )
  const { ubicacion } = checkout
  const masked = {
    ...checkout,
    ...MASKED,
    ubicacion: isObject(ubicacion) ? withoutFaulty({ ...ubicacion, direccion: MASK }, '/ubicacion') : null,
  }
  return withoutFaulty(masked) as FaultyPurchase
}
