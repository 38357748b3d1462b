import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ProblemError } from '../backbone/problem.ts'
import { createDeadlines } from './deadlines.ts'

interface BodyLimits {
  maxBytes: number
  withinMs: number
  /** Of all bodies that are being received at once: one object for all receivers. */
  budget: BodyBudget
}

export type BodyBudget = ReturnType<typeof createBodyBudget>

/** How many bytes may be on their way into this process: nobody is let in whose body would not fit beside the others. */
export function createBodyBudget(most: number) {
  let receiving = 0
  return {
    /** Throws `overloaded`; what it returns gives the bytes back. */
    take(bytes: number): () => void {
      if (receiving + bytes > most) throw new ProblemError('overloaded')
      receiving += bytes
      return () => {
        receiving -= bytes
      }
    },
  }
}

const LEFT = 'The connection ended before the body did'

export type ReceiveBody = (context: Context) => Promise<Uint8Array<ArrayBuffer>>

/** Reads bodies to their end. One that is too large or stops coming is refused: it would hold memory and a connection. */
export function createBodyReceiver({ maxBytes, withinMs, budget }: BodyLimits): ReceiveBody {
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
    const giveBack = budget.take(length ?? maxBytes)
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
    } catch (error) {
      // Nobody is there to read it; it is no fault of this process's, and must not count as one.
      throw context.req.raw.signal.aborted ? new ProblemError('body-timeout', { detail: LEFT }) : error
    } finally {
      callOff()
      giveBack()
    }
  }
}

/** Held to by every runtime; undefined where there is none, or where the other framing wins (RFC 9112, section 6.3). */
function declaredLength({ req }: Context): number | undefined {
  if (req.header('transfer-encoding') !== undefined) return undefined
  const length = req.header('content-length')
  return length === undefined ? undefined : Number(length)
}
