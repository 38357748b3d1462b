import type { Identity } from '../backbone/access/identity.ts'
import type { Outcome } from '../backbone/outcome.ts'
import { parseOutcome } from './encoded-outcome.ts'
import { messageFor } from './message.ts'

/** An outcome's JSON as somebody may see it. */
export type Present = (json: Uint8Array) => Uint8Array

const MASK = '***'
// An address like any other, so that whoever checks what they read goes on working. Nobody has it (RFC 2606).
const MASKED_EMAIL = 'masked@example.invalid'

const inClear: Present = (json) => json

/** In clear for those who may see personal data, masked for others. */
export function createPresentation(storeName: string): (identity: Identity) => Present {
  const masked: Present = (json) => Buffer.from(JSON.stringify(maskOutcome(parseOutcome(json), storeName)))
  return ({ scopes }) => (scopes.has('personal') ? inClear : masked)
}

/** Without names, telephone, e-mail and street; the id, by which the store knows the customer, stays. */
function maskOutcome(outcome: Outcome, storeName: string): Outcome {
  if (outcome.checkout === null) return outcome
  const checkout = {
    ...outcome.checkout,
    nombre: MASK,
    apellido: MASK,
    email: MASKED_EMAIL,
    telefono: MASK,
    ubicacion: { ...outcome.checkout.ubicacion, direccion: MASK },
  }
  // The message has the name in it.
  return { ...outcome, message: messageFor(outcome.kind, checkout, storeName), checkout }
}
