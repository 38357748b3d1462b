import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ProblemError } from '../backbone/problem.ts'
import { createDeadlines } from './deadlines.ts'

interface BodyLimits {
  maxBytes: number
  withinMs: number
}

export type ReceiveBody = (context: Context) => Promise<Uint8Array<ArrayBuffer>>

/** Reads bodies to their end. One that is too large or stops coming is refused: it would hold memory and a connection. */
export function createBodyReceiver({ maxBytes, withinMs }: BodyLimits): ReceiveBody {
  const tooLarge = () =>
    new ProblemError('body-too-large', { detail: `The body may have at most ${maxBytes} bytes` })
  const limitSize = bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw tooLarge()
    },
  })
  const afterDeadline = createDeadlines(withinMs)

  async function readCounting(context: Context): Promise<ArrayBuffer> {
    await limitSize(context, () => Promise.resolve())
    return context.req.raw.arrayBuffer()
  }

  return async (context) => {
    const length = declaredLength(context)
    if (length !== undefined && length > maxBytes) throw tooLarge()
    // Whoever looks at the stream of a body, as one must to count its bytes, cannot have it in one piece at a third of the cost.
    const received = length === undefined ? readCounting(context) : context.req.raw.arrayBuffer()
    const { promise, resolve, reject } = Promise.withResolvers<ArrayBuffer>()
    const callOff = afterDeadline(() => {
      // RFC 9110, section 15.5.9: what is left of the body would be read as the next request.
      reject(new ProblemError('body-timeout', { headers: { connection: 'close' } }))
    })
    received.then(resolve, reject)
    try {
      return new Uint8Array(await promise)
    } finally {
      callOff()
    }
  }
}

/** Held to by every runtime; undefined where there is none, or where the other framing wins (RFC 9112, section 6.3). */
function declaredLength({ req }: Context): number | undefined {
  if (req.header('transfer-encoding') !== undefined) return undefined
  const length = req.header('content-length')
  return length === undefined ? undefined : Number(length)
}
