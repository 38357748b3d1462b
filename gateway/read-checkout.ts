import { isUtf8 } from 'node:buffer'
import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type CorrectedCheckout, incomingCheckoutSchema } from '../backbone/checkout.ts'
import { jsonPointer, ProblemError } from '../backbone/problem.ts'
import { isNdjson } from './read-batch.ts'

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

export const requireJson: MiddlewareHandler = (context, next) => {
  if (JSON_TYPE.test(context.req.header('content-type') ?? '')) return next()
  throw new ProblemError('unsupported-media-type', { headers: { accept: 'application/json' } })
}

export const requireJsonOrNdjson: MiddlewareHandler = (context, next) => {
  const contentType = context.req.header('content-type')
  if (JSON_TYPE.test(contentType ?? '') || isNdjson(contentType)) return next()
  throw new ProblemError('unsupported-media-type', {
    detail: 'A batch may also be sent as application/x-ndjson',
    headers: { accept: 'application/json, application/x-ndjson' },
  })
}

export const limitBody = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ProblemError('body-too-large', { detail: `The body may have at most ${maxSize} bytes` })
    },
  })

/** What is not UTF-8 would be decoded to U+FFFD, and a name stored that nobody has. */
export const requireUtf8: MiddlewareHandler = async (context, next) => {
  if (isUtf8(await context.req.arrayBuffer())) return next()
  throw new ProblemError('malformed-json', { detail: 'The body is not UTF-8' })
}

export const validateCheckout = zValidator('json', incomingCheckoutSchema, (result) => {
  if (!result.success) throw invalidCheckout(result.error.issues)
})

/** Throws `invalid-checkout` with all faults. */
export function checkoutFrom(json: unknown): CorrectedCheckout {
  const parsed = incomingCheckoutSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw invalidCheckout(parsed.error.issues)
}

function invalidCheckout(issues: readonly { path: PropertyKey[]; message: string }[]): ProblemError {
  const errors = issues.map(({ path, message }) => ({ pointer: jsonPointer(path), detail: message }))
  return new ProblemError('invalid-checkout', { errors })
}
