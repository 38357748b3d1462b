const NUMBER = /^-?\d+(?:\.\d+)?$/

export const correctionKinds = ['trimmed', 'lower-cased', 'text to number', 'empty to null'] as const

export interface Correction {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  correction: (typeof correctionKinds)[number]
}

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Corrects what has one safe reading (DESIGN.md, HTTP): surrounding white space, the case of ids and of the
 * e-mail's domain, numbers sent as text, and the several ways of saying "no value". The input is not changed.
 */
export function correctCheckout(raw: unknown): { value: unknown; corrections: Correction[] } {
  const corrections: Correction[] = []
  if (!isObject(raw)) return { value: raw, corrections }

  const note = (pointer: string, correction: Correction['correction']) =>
    corrections.push({ pointer, correction })

  const trim = (value: unknown, pointer: string): unknown => {
    if (typeof value !== 'string') return value
    const trimmed = value.trim()
    if (trimmed !== value) note(pointer, 'trimmed')
    return trimmed
  }
  const lowerCase = (value: unknown, pointer: string, from = 0): unknown => {
    if (typeof value !== 'string' || from < 0) return value
    const lowered = value.slice(0, from) + value.slice(from).toLowerCase()
    if (lowered !== value) note(pointer, 'lower-cased')
    return lowered
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
    const trimmed = trim(value, '/email')
    return lowerCase(trimmed, '/email', typeof trimmed === 'string' ? trimmed.lastIndexOf('@') : -1)
  }
  const place = (value: unknown): unknown =>
    isObject(value)
      ? {
          direccion: trim(value.direccion, '/ubicacion/direccion'),
          ciudad: trim(value.ciudad, '/ubicacion/ciudad'),
          pais: trim(value.pais, '/ubicacion/pais'),
        }
      : value

  const value = {
    id: lowerCase(trim(raw.id, '/id'), '/id'),
    nombre: trim(raw.nombre, '/nombre'),
    apellido: trim(raw.apellido, '/apellido'),
    edad: toNumber(trim(raw.edad, '/edad'), '/edad'),
    email: email(raw.email),
    telefono: trim(raw.telefono, '/telefono'),
    ubicacion: place(raw.ubicacion),
    productovisto: trim(raw.productovisto, '/productovisto'),
    taps: toNumber(emptyToNull(trim(raw.taps, '/taps'), '/taps'), '/taps'),
    folio: emptyToNull(trim(raw.folio, '/folio'), '/folio'),
  }
  return { value, corrections }
}
