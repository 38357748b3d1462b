import { type ProblemCode, problems } from '../../backbone/problem.ts'
import { type JsonSchema, ref } from './schemas.ts'

export interface Described {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, { schema: JsonSchema; examples?: Record<string, unknown> }>
}

export const json = (description: string, schema: JsonSchema, headers?: Described['headers']): Described => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: { 'application/json': { schema } },
})

const retryAfter = {
  'Retry-After': {
    description: 'Seconds to wait before a retry',
    schema: { type: 'integer', minimum: 1 },
  },
}

const rateLimit = {
  RateLimit: { description: 'Remaining quota', schema: { type: 'string' } },
  'RateLimit-Policy': { description: 'Rate limit of the key or address', schema: { type: 'string' } },
}

function headersOf(status: number): Described['headers'] {
  if (status === 429) return { ...retryAfter, ...rateLimit }
  return status === 503 ? retryAfter : {}
}

/** One response for each status of these problems; its description lists all problems with that status. */
export function problemResponses(
  codes: readonly ProblemCode[],
  moreHeaders: Record<number, Described['headers']> = {},
  schema: JsonSchema = ref('Problem'),
): Record<string, Described> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      String(status),
      {
        description: same.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
        headers: { ...headersOf(status), ...moreHeaders[status] },
        content: { 'application/problem+json': { schema } },
      },
    ]),
  )
}
