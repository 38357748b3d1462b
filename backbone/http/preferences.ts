// Reads each character only once, for any input: an unclosed quotation extends to the end.
const TOKENS = /"(?:[^"\\]|\\.)*"?|[,;]|[^",;]+/g
const WORD = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*"`
const PREFERENCE = new RegExp(String.raw`^(${WORD})(?:[ \t]*=[ \t]*(${WORD})?)?$`)

/**
 * The value of a preference in a `Prefer` header (RFC 7240, section 2): the first one if it is repeated,
 * empty if it has no value. Parameters of preferences are ignored.
 */
export function preference(prefer: string | undefined, name: string): string | undefined {
  if (prefer === undefined) return undefined
  for (const element of withoutParameters(prefer)) {
    const [, token, word = ''] = PREFERENCE.exec(element.trim()) ?? []
    if (token?.toLowerCase() === name) return unquoted(word)
  }
  return undefined
}

function withoutParameters(list: string): string[] {
  const elements = ['']
  let inParameters = false
  for (const [token] of list.matchAll(TOKENS)) {
    if (token === ',') elements.push('')
    else if (token !== ';' && !inParameters) elements.push(`${elements.pop()}${token}`)
    inParameters = token === ';' || (inParameters && token !== ',')
  }
  return elements
}

const unquoted = (word: string) =>
  word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word

/** Whether a request asks for `handling=lenient` (RFC 7240, section 4.4). */
export const prefersLenient = (prefer: string | undefined): boolean =>
  preference(prefer, 'handling')?.toLowerCase() === 'lenient'

/** The header `Preference-Applied` (RFC 7240, section 3); none without a preference. */
export const preferenceApplied = (preferences: readonly string[]): Record<string, string> =>
  preferences.length > 0 ? { 'preference-applied': preferences.join(', ') } : {}
