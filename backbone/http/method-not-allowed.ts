import type { Handler } from 'hono'
import { ProblemError } from '../problem.ts'

/** The last handler of a path: answers OPTIONS with the allowed methods, and every other method with 405. */
export function otherMethods(...methods: string[]): Handler {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return ({ req }) => {
    if (req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
    throw new ProblemError('method-not-allowed', { headers: { allow } })
  }
}
