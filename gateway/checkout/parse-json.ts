import { ProblemError } from '../../backbone/problem.ts'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'

/** Throws `malformed-json` with the place of the first error. `firstLine` is the line of the body at which the text begins. */
export function parseJson(text: string, firstLine = 1): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError('malformed-json', { detail: `The body ${syntaxErrorOf(text, firstLine)}` })
  }
}
