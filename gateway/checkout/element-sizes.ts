import { ProblemError } from '../../backbone/problem.ts'

// Parsing mebibytes of brackets takes a gibibyte and half a second. No checkout is nested that deeply.
const MOST_DEPTH = 100
const [SPACE, TAB, LF, CR] = [0x20, 0x09, 0x0a, 0x0d]
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

/** JSON's white space (RFC 8259, section 2). */
export const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === TAB || byte === LF || byte === CR

/**
 * The size in bytes of each element of a JSON array, without the white space around it. Only meaningful if
 * the text is valid JSON. Throws `malformed-json` if it is nested too deeply to be parsed.
 */
export function elementSizes(array: Uint8Array): number[] {
  const sizes: number[] = []
  let depth = 0
  let start = -1
  let end = -1
  for (let at = 0; at < array.length; at++) {
    const byte = array[at]
    if (isSpace(byte)) continue
    if (depth === 1 && (byte === COMMA || byte === CLOSE_BRACKET)) {
      if (start >= 0) sizes.push(end - start)
      start = -1
    } else if (depth > 0 && start < 0) start = at
    if (byte === QUOTE) at = endOfString(array, at)
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--
    if (depth > MOST_DEPTH)
      throw new ProblemError('malformed-json', { detail: 'The body is nested too deeply' })
    end = at + 1
  }
  return sizes
}

function endOfString(array: Uint8Array, start: number): number {
  for (let at = start + 1; at < array.length; at++) {
    if (array[at] === BACKSLASH) at++
    else if (array[at] === QUOTE) return at
  }
  return array.length
}
