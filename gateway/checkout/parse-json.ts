import { ProblemError } from '../../backbone/problem.ts'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'

/**
 * Throws `malformed-json`, with the position of the first error unless `search` is false. `firstLine` is the
 * line of the body where the text begins.
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
