import { cleanText } from './clean-text.ts'

const NUMBER = /^-?\d+(?:\.\d+)?$/

/** What may be corrected, as answers, the header `corrections` and the metrics name it. */
export const correctionKinds = [
  'trimmed',
  'line break to space',
  'invisible removed',
  'excess marks removed',
  'composed',
  'lower-cased',
  'text to number',
  'empty to null',
] as const

export interface Correction {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  correction: (typeof correctionKinds)[number]
}

type Fields = Record<string, unknown>

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Corrects what has one safe reading (DESIGN.md, HTTP): surrounding white space, invisible characters and Unicode's forms of
 * the same text, the case of ids and of the e-mail's domain, numbers sent as text, and the several ways of saying "no value".
 * The result has the known fields only, in canonical order; correcting it again changes nothing. The input is not changed.
 */
export function correctCheckout(raw: unknown): { value: unknown; corrections: Correction[] } {
  const corrections: Correction[] = []
  if (!isObject(raw)) return { value: raw, corrections }

  const note = (pointer: string, correction: Correction['correction']) =>
    corrections.push({ pointer, correction })

  const clean = (value: unknown, pointer: string): unknown =>
    typeof value === 'string' ? cleanText(value, (change) => note(pointer, change)) : value
  const lowerCase = (value: unknown, pointer: string, from = 0): unknown => {
    if (typeof value !== 'string' || from < 0) return value
    const lowered = value.slice(0, from) + value.slice(from).toLowerCase()
    if (lowered === value) return value
    note(pointer, 'lower-cased')
    // The lower case of a composed letter may be two, which compose otherwise.
    return lowered.normalize('NFC')
  }
  const toNumber = (value: unknown, pointer: string): unknown => {
    if (typeof value !== 'string' || !NUMBER.test(value)) return value
    note(pointer, 'text to number')
    return Number(value)
  }
  const emptyToNull = (value: unknown, pointer: string): unknown => {
    if (value === undefined) return null
    if (value !== '') return value
    note(pointer, 'empty to null')
    return null
  }
  const email = (value: unknown): unknown => {
    const cleaned = clean(value, '/email')
    return lowerCase(cleaned, '/email', typeof cleaned === 'string' ? cleaned.lastIndexOf('@') : -1)
  }
  const place = (value: unknown): unknown =>
    isObject(value)
      ? {
          direccion: clean(value.direccion, '/ubicacion/direccion'),
          ciudad: clean(value.ciudad, '/ubicacion/ciudad'),
          pais: clean(value.pais, '/ubicacion/pais'),
        }
      : clean(value, '/ubicacion')

  const value = {
    id: lowerCase(clean(raw.id, '/id'), '/id'),
    nombre: clean(raw.nombre, '/nombre'),
    apellido: clean(raw.apellido, '/apellido'),
    edad: toNumber(clean(raw.edad, '/edad'), '/edad'),
    email: email(raw.email),
    telefono: clean(raw.telefono, '/telefono'),
    ubicacion: place(raw.ubicacion),
    productovisto: clean(raw.productovisto, '/productovisto'),
    taps: toNumber(emptyToNull(clean(raw.taps, '/taps'), '/taps'), '/taps'),
    folio: emptyToNull(clean(raw.folio, '/folio'), '/folio'),
  }
  return { value, corrections }
}
