import { isUtf8 } from 'node:buffer'
import { zValidator } from '@hono/zod-validator'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type CorrectedCheckout, incomingCheckoutSchema } from '../backbone/checkout.ts'
import { jsonPointer, ProblemError } from '../backbone/problem.ts'
import { createDeadlines } from './deadlines.ts'
import { isNdjson } from './read-batch.ts'

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/** A few bytes of a coding could become any number of them (RFC 9110, section 15.5.16). */
function assertNotEncoded(context: Context) {
  const coding = context.req.header('content-encoding')?.trim().toLowerCase() ?? ''
  if (coding === '' || coding === 'identity') return
  throw new ProblemError('unsupported-media-type', {
    detail: 'The body must not be compressed',
    headers: { 'accept-encoding': 'identity' },
  })
}

export const requireJson: MiddlewareHandler = (context, next) => {
  assertNotEncoded(context)
  if (JSON_TYPE.test(context.req.header('content-type') ?? '')) return next()
  throw new ProblemError('unsupported-media-type', { headers: { accept: 'application/json' } })
}

export const requireJsonOrNdjson: MiddlewareHandler = (context, next) => {
  assertNotEncoded(context)
  const contentType = context.req.header('content-type')
  if (JSON_TYPE.test(contentType ?? '') || isNdjson(contentType)) return next()
  throw new ProblemError('unsupported-media-type', {
    detail: 'A batch may also be sent as application/x-ndjson',
    headers: { accept: 'application/json, application/x-ndjson' },
  })
}

interface BodyLimits {
  maxBytes: number
  withinMs: number
}

/** Reads the body to its end. One that is too large or stops coming is refused: it would hold memory and a connection. */
export function receiveBody({ maxBytes, withinMs }: BodyLimits): MiddlewareHandler {
  const limitSize = bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new ProblemError('body-too-large', { detail: `The body may have at most ${maxBytes} bytes` })
    },
  })
  const afterDeadline = createDeadlines(withinMs)
  return async (context, next) => {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const callOff = afterDeadline(() => {
      // RFC 9110, section 15.5.9: what is left of the body would be read as the next request.
      reject(new ProblemError('body-timeout', { headers: { connection: 'close' } }))
    })
    const received = limitSize(context, async () => {
      await context.req.arrayBuffer()
    })
    try {
      await Promise.race([received, late])
    } finally {
      callOff()
      // Of a body that was given up on, the end of its connection is told later.
      received.catch(() => undefined)
    }
    return next()
  }
}

// A byte order mark is passed over, as the Fetch standard has it.
const utf8 = new TextDecoder()

/** What is not UTF-8 would be decoded to U+FFFD, and a name stored that nobody has. */
export const requireUtf8: MiddlewareHandler = async ({ req }, next) => {
  const bytes = await req.arrayBuffer()
  if (!isUtf8(bytes)) throw new ProblemError('malformed-json', { detail: 'The body is not UTF-8' })
  // Hono would make a response of the bytes to have their text.
  Object.assign(req.bodyCache, { text: Promise.resolve(utf8.decode(bytes)) })
  return next()
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
