import type { Checkout } from '../../../backbone/checkout.ts'

type Fields = Record<string, unknown>

const DECIMAL = /^-?\d+(\.\d+)?$/

/**
 * What DOMAIN.md makes of a record that another program wrote, with the corrections of DESIGN.md; undefined when it
 * breaks a rule. Written apart from the product, so that it can prove it wrong; of e-mail addresses it knows the outline.
 */
export function plainCheckout(text: string): Checkout | undefined {
  // Bytes that are no UTF-8 were printed as such.
  if (text.includes('\ufffd')) return undefined
  const fields = objectOf(parse(text))
  const place = objectOf(fields?.ubicacion)
  if (!fields || !place) return undefined
  const email = trimmed(fields.email)
  const domain = email === undefined ? 0 : email.lastIndexOf('@') + 1
  // In the order of DOMAIN.md's table: it is the canonical one.
  const checkout = {
    id: trimmed(fields.id)?.toLowerCase(),
    nombre: trimmed(fields.nombre),
    apellido: trimmed(fields.apellido),
    edad: numeric(fields.edad),
    email: email && `${email.slice(0, domain)}${email.slice(domain).toLowerCase()}`,
    telefono: trimmed(fields.telefono),
    ubicacion: {
      direccion: trimmed(place.direccion),
      ciudad: trimmed(place.ciudad),
      pais: trimmed(place.pais),
    },
    productovisto: trimmed(fields.productovisto),
    taps: isNothing(fields.taps) ? null : numeric(fields.taps),
    folio: isNothing(fields.folio) ? null : trimmed(fields.folio),
  }
  return keepsRules(checkout) ? (checkout as Checkout) : undefined
}

interface Candidate extends Fields {
  ubicacion: Fields
}

function keepsRules(checkout: Candidate): boolean {
  const { id, nombre, apellido, edad, email, telefono, ubicacion, productovisto, taps, folio } = checkout
  const texts = [telefono, productovisto, ...Object.values(ubicacion)]
  return (
    matches(id, /^[0-9a-f]{24}$/) &&
    matches(nombre, /^.{1,80}$/su) &&
    matches(apellido, /^.{1,80}$/su) &&
    Number.isInteger(edad) &&
    isBetween(edad, 0, 130) &&
    matches(email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/) &&
    texts.every((text) => typeof text === 'string') &&
    (taps === null || isBetween(taps, 0, Number.MAX_VALUE)) &&
    (folio === null || matches(folio, /^[A-Z]{3}-[0-9]{4}$/))
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const objectOf = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : undefined)

const isNothing = (value: unknown) => value === undefined || value === null || trimmed(value) === ''

function numeric(value: unknown): unknown {
  const text = trimmed(value)
  return text !== undefined && DECIMAL.test(text) ? Number(text) : value
}

const matches = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value)

const isBetween = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most
