import type { Handler } from 'hono'
import { ProblemError } from '../problem.ts'

/** For the end of a path's handlers: OPTIONS is told which methods there are, every other one too, with a 405. */
export function otherMethods(...methods: string[]): Handler {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return ({ req }) => {
    if (req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
    throw new ProblemError('method-not-allowed', { headers: { allow } })
  }
}
