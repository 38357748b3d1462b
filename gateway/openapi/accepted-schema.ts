import type { z } from 'zod'
import {
  absentToNull,
  type Corrections,
  emptyListToAbsent,
  emptyToAbsent,
  emptyToNull,
  ListCorrections,
  lowerCase,
  numberToText,
  textToNumber,
} from '../../backbone/records/correct-checkout.ts'
import { limitsOf } from '../../backbone/records/limited-text.ts'

type Schema = z.core.JSONSchema.BaseSchema
type Rules = Corrections[string] | undefined
type Steps = Exclude<Corrections[string], Corrections | ListCorrections>

/** Metadata of a field in addition to its rules and corrections. */
export interface FieldNote {
  description: string
  /**
   * Accepted texts: for a number that may be sent as text, or instead of a pattern that few tools can read.
   */
  text?: { pattern: string } | { format: string }
  /** For the fields of the elements of a list. */
  each?: Partial<Record<string, FieldNote>>
}

export interface AcceptedObject {
  type: 'object'
  required: string[]
  properties: Record<string, unknown>
}

const isSteps = (rules: Rules): rules is Steps => Array.isArray(rules)
const mayBeAbsent = (rules: Rules) => isSteps(rules) && rules.includes(absentToNull)

/** The schema of accepted input, derived from the stored one: wider, because of the corrections. */
export function acceptedObject(
  { required = [], properties = {} }: Schema,
  corrections: Corrections,
  notes: Partial<Record<string, FieldNote>> = {},
): AcceptedObject {
  const accepted = Object.entries(corrections).map(([field, rules]) => {
    const stored = properties[field] as Schema
    if (isSteps(rules)) return [field, acceptedValue(stored, rules, notes[field])]
    if (rules instanceof ListCorrections) return [field, acceptedList(stored, rules, notes[field])]
    return [field, acceptedObject(stored, rules)]
  })
  return {
    type: 'object',
    required: required.filter((field) => !mayBeAbsent(corrections[field])),
    properties: Object.fromEntries(accepted),
  }
}

function acceptedValue(stored: Schema, steps: Steps, note: FieldNote | undefined): Schema {
  if (steps.includes(textToNumber) && note?.text === undefined)
    throw new Error('the metadata of a number that may be text must have the pattern of the texts')
  const description = note && { description: note.description }
  const forms = stored.anyOf ?? [stored]
  const text = note?.text ?? forms.find(({ type }) => type === 'string')
  const accepted = [
    ...forms.filter(({ type }) => type !== 'string' && type !== 'null'),
    ...(steps.includes(numberToText) ? [SAFE_INTEGER] : []),
    ...forms.filter(({ type }) => type === 'null'),
    ...(steps.includes(emptyToAbsent) ? [{ type: 'null' } as const] : []),
    ...(text === undefined ? [] : [acceptedText(text, steps)]),
  ]
  if (accepted.length > 1) return { ...description, anyOf: accepted }
  const { type = 'string', ...rest } = accepted[0] ?? {}
  return { type, ...description, ...rest }
}

function acceptedList(stored: Schema, { whole, each }: ListCorrections, note: FieldNote | undefined): Schema {
  const { minItems: _, items, ...rules } = stored
  const list = { ...rules, items: acceptedObject(items as Schema, each, note?.each) } as Schema
  if (!whole.includes(emptyListToAbsent)) throw new Error('cannot describe a list that may not be empty')
  const description = note && { description: note.description }
  return { ...description, anyOf: [list, { type: 'null' }, { type: 'string', pattern: '^\\s*$' }] }
}

function acceptedText(schema: Schema, steps: Steps): Schema {
  const { format, pattern } = schema
  const rule = Object.keys(schema).find((key) => !DESCRIBED.has(key))
  if (rule !== undefined)
    throw new Error(`cannot describe the rule ${rule} of a text: limit its length with limitedText`)
  if (format !== undefined) return { type: 'string', format }
  if (pattern === undefined) return { type: 'string' }
  const trimmed = withoutAnchors(countTrimmed(pattern))
  const ofBothCases = steps.includes(lowerCase) ? inBothCases(trimmed) : trimmed
  const orNothing =
    steps.includes(emptyToNull) || steps.includes(emptyToAbsent) ? `(?:${ofBothCases})?` : ofBothCases
  return { type: 'string', pattern: `^\\s*${orNothing}\\s*$` }
}

const SAFE_INTEGER: Schema = {
  type: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
}

const DESCRIBED: ReadonlySet<string> = new Set(['type', 'format', 'pattern'])

/** White space at both ends is removed before the length is checked. */
function countTrimmed(pattern: string): string {
  const limits = limitsOf(pattern)
  if (limits === undefined) return pattern
  const some = `\\S(?:[\\s\\S]{0,${limits.most - 2}}\\S)?`
  return limits.least === 0 ? `(?:${some})?` : some
}

const withoutAnchors = (pattern: string) => pattern.replaceAll(/^\^|\$$/g, '')

const inBothCases = (pattern: string) =>
  pattern.replaceAll(/[a-z]-[a-z]/g, (range) => range + range.toUpperCase())
