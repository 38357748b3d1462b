import type { Identity } from '../../backbone/access/identity.ts'
import type { Checkout, FaultyPurchase } from '../../backbone/records/checkout.ts'
import { isObject } from '../../backbone/records/correct-checkout.ts'
import type { Fault } from '../../backbone/records/fault.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import type { Messages } from '../messages/messages.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { ServedRecord } from '../read-model/record.ts'

/** The JSON of an outcome as a client may see it. */
export type Present = (record: Pick<ServedRecord, 'json' | 'owner'>) => Uint8Array

const MASK = '***'
// A valid address, so that clients that validate it continue to work. Nobody has it (RFC 2606).
const MASKED_EMAIL = 'masked@example.invalid'
type InClear = 'id' | 'edad' | 'productovisto' | 'taps' | 'folio' | 'recorrido'
// For each field of a checkout: whether it is personal. A new field must be added here or to InClear. In
// `ubicacion` only `direccion` is.
const MASKED = {
  nombre: MASK,
  apellido: MASK,
  email: MASKED_EMAIL,
  telefono: MASK,
} satisfies Record<Exclude<keyof Checkout, InClear | 'ubicacion'>, string>

const inClear: Present = ({ json }) => json
const CLOSING_BRACE = 0x7d

/**
 * Unmasked for clients that may see personal data, masked for others. With its owner for clients that see
 * those of several.
 */
export function createPresentation(messages: Pick<Messages, 'messageFor'>): (identity: Identity) => Present {
  const masked: Present = ({ json }) => Buffer.from(JSON.stringify(maskOutcome(parseOutcome(json), messages)))
  const ownedInClear = withOwner(inClear)
  const ownedMasked = withOwner(masked)
  return ({ scopes }) => {
    if (scopes.has('all-owners')) return scopes.has('personal') ? ownedInClear : ownedMasked
    return scopes.has('personal') ? inClear : masked
  }
}

/** As the last field: a parser prefers it to one of the same name that another program has written. */
function withOwner(present: Present): Present {
  return (record) => {
    const json = present(record)
    const fields = json.subarray(0, json.lastIndexOf(CLOSING_BRACE))
    return Buffer.concat([fields, Buffer.from(`,"owner":${JSON.stringify(record.owner)}}`)])
  }
}

/** Without names, telephone, e-mail and street. The id stays: the store knows the customer by it. */
function maskOutcome(outcome: Outcome, messages: Pick<Messages, 'messageFor'>): Outcome {
  const { checkout: clear, faults } = outcome
  if (clear === null) return outcome
  // Only a checkout with faults breaks the schema.
  if (faults !== undefined) return { ...outcome, checkout: maskFaulty(clear as FaultyPurchase, faults) }
  const { ubicacion, ...rest } = clear as Checkout
  const checkout = { ...rest, ...masksOf(clear), ubicacion: { ...ubicacion, direccion: MASK } }
  return { ...outcome, message: maskMessage(outcome, clear as Checkout, checkout, messages), checkout }
}

/**
 * The message, which contains the name. It is worded again if these rules worded it. Other members, or earlier rules,
 * may have worded it otherwise: then personal values are masked wherever they occur.
 */
function maskMessage(
  { kind, message }: Outcome,
  clear: Checkout,
  masked: Checkout,
  { messageFor }: Pick<Messages, 'messageFor'>,
): string | null {
  if (message === null) return null
  if (messageFor(kind, clear) === message) return messageFor(kind, masked)
  const personal = [
    ...Object.keys(MASKED).map((field) => clear[field as keyof typeof MASKED]),
    { ...clear.ubicacion }.direccion,
  ]
  // The longest first: one name may contain another.
  return personal
    .filter((value) => typeof value === 'string' && value !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, MASK), message)
}

/** A field without a value needs no mask, which would look like a value. Faulty fields are always shown. */
function masksOf(
  checkout: Checkout | FaultyPurchase,
  faulty: ReadonlySet<string> = new Set(),
): Partial<typeof MASKED> {
  const isShown = (field: string) =>
    (checkout[field as keyof Checkout] ?? null) !== null || faulty.has(`/${field}`)
  return Object.fromEntries(Object.entries(MASKED).filter(([field]) => isShown(field)))
}

/** Also without the faulty fields: a name may have been sent as the age. */
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
    ...masksOf(checkout, faulty),
    ubicacion: isObject(ubicacion) ? withoutFaulty({ ...ubicacion, direccion: MASK }, '/ubicacion') : null,
    ...(faults.some(({ pointer }) => pointer.startsWith('/recorrido')) ? { recorrido: null } : {}),
  }
  return withoutFaulty(masked) as FaultyPurchase
}
