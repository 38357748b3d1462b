import type { StoredCheckout } from '../../../backbone/records/checkout.ts'

type Fields = Record<string, unknown>

/** A checkout as an outcome must contain it. */
export interface PlainCheckout {
  checkout: StoredCheckout
  /** A proven purchase with faults in other fields. */
  isFaulty: boolean
}

const MOST_STAGES = 50
// The largest number stands for one that is too large for JSON.
const LARGEST_SECONDS = Number.MAX_VALUE * (1 - Number.EPSILON)
const DECIMAL = /^-?\d+(\.\d+)?$/
const LINE_BREAKS = /[\t-\r\u0085\u2028\u2029]+/g
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu

/**
 * The checkout in a record of another program, by docs/reference/domain.md and docs/reference/errors.md, Corrections;
 * undefined if it is invalid and proves no purchase. Implemented independently of the product, so that it can detect errors.
 * It only knows the outline of e-mail addresses, and not the invisible characters that emoji and some scripts
 * need, which no test writes.
 */
export function plainCheckout(text: string): PlainCheckout | undefined {
  // The console consumer prints invalid UTF-8 as this character.
  if (text.includes('\ufffd')) return undefined
  const fields = objectOf(parse(text))
  if (!fields) return undefined
  const place = objectOf(fields.ubicacion)
  const email = seen(fields.email)
  const domain = typeof email === 'string' ? email.lastIndexOf('@') + 1 : 0
  const id = seen(fields.id)
  // In the order of the table in docs/reference/domain.md, which is canonical.
  const checkout = {
    id: typeof id === 'string' ? id.toLowerCase() : id,
    nombre: seen(fields.nombre),
    apellido: seen(fields.apellido),
    edad: numeric(fields.edad),
    email:
      typeof email === 'string' ? `${email.slice(0, domain)}${email.slice(domain).toLowerCase()}` : email,
    telefono: seen(fields.telefono),
    ubicacion: place
      ? { direccion: seen(place.direccion), ciudad: seen(place.ciudad), pais: seen(place.pais) }
      : seen(fields.ubicacion),
    productovisto: seen(fields.productovisto),
    taps: isNothing(fields.taps) ? null : numeric(fields.taps),
    folio: isNothing(fields.folio) ? null : seen(fields.folio),
    ...pathOf(fields.recorrido),
  }
  if (keepsPurchaseRules(checkout) && keepsOtherRules(checkout))
    return { checkout: checkout as StoredCheckout, isFaulty: false }
  const { taps, folio } = checkout
  const isProven = keepsPurchaseRules(checkout) && taps !== null && taps !== 0 && folio !== null
  return isProven ? { checkout: checkout as StoredCheckout, isFaulty: true } : undefined
}

const keepsPurchaseRules = ({ id, taps, folio }: Fields): boolean =>
  matches(id, /^[0-9a-f]{24}$/) &&
  (taps === null || isBetween(taps, 0, Number.MAX_VALUE)) &&
  (folio === null || matches(folio, /^[A-Z]{3}-[0-9]{4}$/))

function keepsOtherRules(checkout: Fields): boolean {
  const { nombre, apellido, edad, email, telefono, productovisto } = checkout
  const place = objectOf(checkout.ubicacion)
  const texts = [telefono, productovisto, place?.direccion, place?.ciudad, place?.pais]
  return (
    matches(nombre, /^.{1,80}$/su) &&
    matches(apellido, /^.{1,80}$/su) &&
    Number.isInteger(edad) &&
    isBetween(edad, 0, 130) &&
    matches(email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/) &&
    texts.every((text) => typeof text === 'string') &&
    keepsPathRules(checkout.recorrido)
  )
}

function keepsPathRules(path: unknown): boolean {
  if (path === undefined) return true
  return (
    Array.isArray(path) &&
    path.length <= MOST_STAGES &&
    path.every((sent) => {
      const stage = objectOf(sent)
      return (
        matches(stage?.etapa, /^.{1,40}$/su) &&
        isBetween(stage?.segundos, 0, LARGEST_SECONDS) &&
        (stage?.error === undefined || matches(stage.error, /^.{1,40}$/su))
      )
    })
  )
}

/** Of a path that is too long, one stage too many is kept. */
function pathOf(path: unknown): Fields {
  if (isNothing(path) || (Array.isArray(path) && path.length === 0)) return {}
  if (!Array.isArray(path)) return { recorrido: seen(path) }
  return { recorrido: path.slice(0, MOST_STAGES + 1).map(plainStage) }
}

function plainStage(sent: unknown): unknown {
  const stage = objectOf(sent)
  if (!stage) return seen(sent)
  const { etapa, segundos, error } = stage
  return {
    ...(etapa === undefined ? {} : { etapa: seen(etapa) }),
    ...(segundos === undefined ? {} : { segundos: numeric(segundos) }),
    ...(isNothing(error) ? {} : { error: Number.isSafeInteger(error) ? String(error) : seen(error) }),
  }
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

/** A text as it is displayed on one line. Lists and objects become empty ones: only their type matters. */
function seen(value: unknown): unknown {
  if (Array.isArray(value)) return []
  if (objectOf(value)) return {}
  if (typeof value !== 'string') return value
  return value.trim().replaceAll(LINE_BREAKS, ' ').replaceAll(INVISIBLE, '').normalize('NFC').trim()
}

const isNothing = (value: unknown) => value === undefined || value === null || seen(value) === ''

function numeric(value: unknown): unknown {
  const text = seen(value)
  return typeof text === 'string' && DECIMAL.test(text) ? Number(text) : text
}

const matches = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value)

const isBetween = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most
