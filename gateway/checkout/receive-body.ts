import type { Context } from 'hono'
import { ProblemError } from '../../backbone/problem.ts'
import { createDeadlines } from '../publish/deadlines.ts'

interface BodyLimits {
  maxBytes: number
  withinMs: number
  /**
   * Limit for all bodies together that are being received, for routes where a few bodies could fill the
   * memory.
   */
  mostTogetherBytes?: number
}

const LEFT = 'The connection ended before the body did'

export type ReceiveBody = (context: Context) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Receives complete bodies. Rejects a body that is too large or too slow: it would hold memory and a
 * connection.
 */
export function createBodyReceiver({ maxBytes, withinMs, mostTogetherBytes }: BodyLimits): ReceiveBody {
  const tooLarge = () =>
    new ProblemError('body-too-large', { detail: `The body may have at most ${maxBytes} bytes` })
  const deadlines = createDeadlines(withinMs)
  let receiving = 0

  async function readCounting(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = []
    let bytes = 0
    try {
      for await (const piece of body ?? []) {
        bytes += piece.length
        receiving += piece.length
        if (bytes > maxBytes) throw tooLarge()
        if (receiving > (mostTogetherBytes ?? Number.POSITIVE_INFINITY)) throw new ProblemError('overloaded')
        pieces.push(piece)
      }
      return new Uint8Array(Buffer.concat(pieces))
    } finally {
      receiving -= bytes
    }
  }

  return async (context) => {
    const length = declaredLength(context)
    if (length !== undefined && length > maxBytes) throw tooLarge()
    const { raw } = context.req
    // Counting the bytes requires reading the stream, which costs three times as much as reading the body at
    // once.
    const received =
      length === undefined || mostTogetherBytes !== undefined
        ? readCounting(raw.body)
        : raw.arrayBuffer().then((body) => new Uint8Array(body))
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    const deadline = deadlines.begin(() => {
      // RFC 9110, section 15.5.9: the rest of the body would be read as the next request.
      reject(new ProblemError('body-timeout', { headers: { connection: 'close' } }))
    })
    received.then(resolve, reject)
    try {
      return await promise
    } catch (error) {
      if (error instanceof ProblemError || !raw.signal.aborted) throw error
      // Nobody reads the answer. It is not an error of this process, and must not count as one.
      throw new ProblemError('body-timeout', { detail: LEFT })
    } finally {
      deadlines.callOff(deadline)
    }
  }
}

const WHOLE = /^\d+$/

/**
 * All runtimes enforce this length. Undefined if there is none, or if chunked framing takes precedence (RFC
 * 9112, section 6.3).
 */
function declaredLength({ req }: Context): number | undefined {
  if (req.header('transfer-encoding') !== undefined) return undefined
  const length = req.header('content-length')
  if (length === undefined) return undefined
  // Bun accepts the same length twice, and joins the values to a list.
  if (!WHOLE.test(length))
    throw new ProblemError('invalid-request', { detail: 'Content-Length must be one number' })
  return Number(length)
}
