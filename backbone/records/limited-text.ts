import { z } from 'zod'

export const text = z.string('must be text')

// Any character: a dot would need the flag `s`, which JSON Schema does not have. With `u` each match is a
// character, as JSON Schema counts them; the `max` of zod counts UTF-16 units.
const LIMITED = /^\/?\^\[\\s\\S\]\{(\d+),(\d+)\}\$(?:\/u)?$/

/** Text with a limited number of characters, at least two at most. */
export function limitedText(least: 0 | 1, most: number) {
  const limit = least === 0 ? `at most ${most}` : `${least} to ${most}`
  return text.regex(new RegExp(`^[\\s\\S]{${least},${most}}$`, 'u'), `must have ${limit} characters`)
}

/** The limits in a pattern, as JSON Schema or code writes it; undefined if it is not one of {@link limitedText}. */
export function limitsOf(pattern: string): { least: number; most: number } | undefined {
  const found = LIMITED.exec(pattern)
  return found ? { least: Number(found[1]), most: Number(found[2]) } : undefined
}
