import { type Checkout, MOST_STAGES, type Stage } from './checkout.ts'
import { cleanText } from './clean-text.ts'

const NUMBER = /^-?\d+(?:\.\d+)?$/

/** The kinds of correction, as answers, the header `corrections` and the metrics name them. */
export const correctionKinds = [
  'trimmed',
  'lone surrogate replaced',
  'line break to space',
  'invisible removed',
  'excess marks removed',
  'composed',
  'lower-cased',
  'text to number',
  'empty to null',
  'number to text',
  'empty to absent',
] as const

/** For one checkout; further ones are made, but not reported. */
export const MOST_CORRECTIONS = 100

export interface Correction {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  correction: (typeof correctionKinds)[number]
}

type Fields = Record<string, unknown>
type Note = (correction: Correction['correction']) => void
/** Corrects one value; returns it unchanged if nothing is to correct. */
type Step = (value: unknown, note: Note) => unknown

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const clean: Step = (value, note) => (typeof value === 'string' ? cleanText(value, note) : value)

export const lowerCase: Step = (value, note) =>
  typeof value === 'string' ? lowerCaseFrom(value, 0, note) : value

const lowerCaseDomain: Step = (value, note) =>
  typeof value === 'string' && value.includes('@')
    ? lowerCaseFrom(value, value.lastIndexOf('@'), note)
    : value

function lowerCaseFrom(text: string, from: number, note: Note): string {
  const end = text.slice(from)
  const lowered = end.toLowerCase()
  if (lowered === end) return text
  note('lower-cased')
  // The lower case of a composed letter can be two characters, which compose differently.
  return (text.slice(0, from) + lowered).normalize('NFC')
}

export const textToNumber: Step = (value, note) => {
  if (typeof value !== 'string' || !NUMBER.test(value)) return value
  note('text to number')
  return Number(value)
}

/** For fields that every stored checkout has. */
export const absentToNull: Step = (value) => (value === undefined ? null : value)

export const emptyToNull: Step = (value, note) => {
  if (value !== '') return value
  note('empty to null')
  return null
}

/** For fields that only some stored checkouts have. */
export const emptyToAbsent: Step = (value, note) => {
  if (value !== null && value !== '') return value
  note('empty to absent')
  return undefined
}

export const emptyListToAbsent: Step = (value, note) => {
  if (!Array.isArray(value) || value.length > 0) return value
  note('empty to absent')
  return undefined
}

/** Only of numbers with one notation: JavaScript may have rounded a larger one. */
export const numberToText: Step = (value, note) => {
  if (!Number.isSafeInteger(value)) return value
  note('number to text')
  return String(value)
}

/** The corrections of a list: of the whole, then of the fields of each element. */
export class ListCorrections<Element = unknown> {
  readonly whole: readonly Step[]
  readonly each: CorrectionsOf<Element>
  /** Of a longer list, which is a fault, one element more than this is kept. */
  readonly most: number

  constructor(whole: readonly Step[], each: CorrectionsOf<Element>, most: number) {
    this.whole = whole
    this.each = each
    this.most = most
  }
}

/**
 * The corrections of each field, in the order in which they are applied; the fields in canonical order. The
 * OpenAPI schema of accepted checkouts derives from it.
 */
export const fieldCorrections = {
  id: [clean, lowerCase],
  nombre: [clean],
  apellido: [clean],
  edad: [clean, textToNumber],
  email: [clean, lowerCaseDomain],
  telefono: [clean],
  ubicacion: { direccion: [clean], ciudad: [clean], pais: [clean] },
  productovisto: [clean],
  taps: [clean, absentToNull, emptyToNull, textToNumber],
  folio: [clean, absentToNull, emptyToNull],
  recorrido: new ListCorrections<Stage>(
    [clean, emptyToAbsent, emptyListToAbsent],
    { etapa: [clean], segundos: [clean, textToNumber], error: [clean, numberToText, emptyToAbsent] },
    MOST_STAGES,
  ),
} satisfies CorrectionsOf<Checkout>

/** The corrections of each field; for an object, those of its fields. */
type CorrectionsOf<T> = {
  [Field in keyof T]-?: NonNullable<T[Field]> extends readonly (infer Element)[]
    ? ListCorrections<Element>
    : NonNullable<T[Field]> extends object
      ? CorrectionsOf<T[Field]>
      : readonly Step[]
}
export type Corrections = { readonly [field: string]: readonly Step[] | ListCorrections | Corrections }

/** Collects the corrections of one checkout. One object for all fields: a closure for each took longer than correcting them. */
class Corrected {
  readonly corrections: Correction[] = []
  /** Of the value that is corrected now. */
  pointer = ''

  readonly note: Note = (correction) => {
    if (this.corrections.length < MOST_CORRECTIONS)
      this.corrections.push({ pointer: this.pointer, correction })
  }
}

type Correct = (value: unknown, corrected: Corrected) => unknown

function correctValue(steps: readonly Step[], pointer: string): Correct {
  return (sent, corrected) => {
    corrected.pointer = pointer
    let value = sent
    for (const step of steps) value = step(value, corrected.note)
    return value
  }
}

function correctObject(table: Corrections, pointer = ''): Correct {
  const fields = Object.entries(table).map(([field, rules]) => ({
    field,
    correct: correctBy(rules, `${pointer}/${field}`),
  }))
  const correctOther = correctValue([clean], pointer)
  return (sent, corrected) => {
    if (!isObject(sent)) return correctOther(sent, corrected)
    const value: Fields = {}
    for (const { field, correct } of fields) {
      const fieldValue = correct(sent[field], corrected)
      if (fieldValue !== undefined) value[field] = fieldValue
    }
    return value
  }
}

function correctList({ whole, each, most }: ListCorrections, pointer: string): Correct {
  const correctWhole = correctValue(whole, pointer)
  const elements = Array.from({ length: most + 1 }, (_, index) => correctObject(each, `${pointer}/${index}`))
  return (sent, corrected) => {
    const value = correctWhole(sent, corrected)
    if (!Array.isArray(value)) return value
    return elements.slice(0, value.length).map((correct, index) => correct(value[index], corrected))
  }
}

function correctBy(rules: Corrections[string], pointer: string): Correct {
  if (isList(rules)) return correctValue(rules, pointer)
  return rules instanceof ListCorrections ? correctList(rules, pointer) : correctObject(rules, pointer)
}

const isList = (rules: Corrections[string]): rules is readonly Step[] => Array.isArray(rules)
const correctFields = correctObject(fieldCorrections)

/**
 * Applies the corrections that have one safe reading (docs/reference/errors.md, Corrections): white space around texts,
 * halves of surrogate pairs, invisible characters, Unicode forms of the same text, the case of ids and of the e-mail
 * domain, numbers sent as text and the reverse, and the forms of "no value". The result has only the known fields, in
 * canonical order. Correcting it again changes nothing. The input is not modified.
 */
export function correctCheckout(raw: unknown): { value: unknown; corrections: Correction[] } {
  const corrected = new Corrected()
  const value = isObject(raw) ? correctFields(raw, corrected) : raw
  return { value, corrections: corrected.corrections }
}
