import { fitValues } from './fit-values.ts'
import type { Template } from './parse-template.ts'
import { type Facts, type PlaceholderName, placeholders } from './placeholders.ts'

/** In UTF-16 units. */
export const LONGEST_MESSAGE = 4_000

// Checkouts are stored without them, but other programs write outcomes, too.
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu
const HAS_BREAK = /[\p{Cc}\u2028\u2029]/u

/** The placeholders of a template for which a checkout has no value. */
export const unknownIn = ({ names }: Template, facts: Facts): PlaceholderName[] =>
  names.filter((name) => placeholders[name].value(facts) === undefined)

/**
 * The message: each value on one line and as it is, never read as a template. Values are cut only where the message
 * would be longer than {@link LONGEST_MESSAGE}.
 */
export function renderMessage({ texts, names }: Template, facts: Facts): string {
  const values = names.map((name) => onOneLine(placeholders[name].value(facts) ?? ''))
  const message = joined(texts, values)
  if (message.length <= LONGEST_MESSAGE) return message
  const room = LONGEST_MESSAGE - joined(texts, []).length
  return joined(texts, fitValues(values, room))
}

function joined(texts: readonly string[], values: readonly string[]): string {
  let message = texts[0] ?? ''
  for (let at = 1; at < texts.length; at++) message += (values[at - 1] ?? '') + (texts[at] ?? '')
  return message
}

const onOneLine = (value: string): string => (HAS_BREAK.test(value) ? value.replace(BREAKS, ' ') : value)
