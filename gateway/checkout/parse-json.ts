import { ProblemError } from '../../backbone/problem.ts'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'

/**
 * Throws `malformed-json`, unless `search` is false with the place of the first error. `firstLine` is the line of the body at which
 * the text begins.
 */
export function parseJson(text: string, firstLine = 1, search = true): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const fault = search
      ? `The body ${syntaxErrorOf(text, firstLine)}`
      : `Line ${firstLine} has a syntax error`
    throw new ProblemError('malformed-json', { detail: fault })
  }
}
