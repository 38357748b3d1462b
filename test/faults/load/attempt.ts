import { now } from '../../../loadgen/clock.ts'
import { RequestError } from '../../../loadgen/sending/request-error.ts'
import type { ConcurrencyLimit } from './concurrency-limit.ts'
import type { CheckoutRequest, GatewayClient } from './gateway-client.ts'
import type { GatewayAnswer } from './gateway-connection.ts'
import { failureOf, readAcknowledgement, retryAfterMs } from './read-answer.ts'
import type { Acknowledgement } from './sent-checkout.ts'
import type { StorefrontFigures } from './storefront-figures.ts'

/** Result of a request. */
interface Outcome {
  /** 2 if it was sent again over a new connection, otherwise 1. */
  requests: number
  /** Undefined without an answer: then `failure` has the reason. */
  answer: GatewayAnswer | undefined
  acknowledgement: Acknowledgement | undefined
  failure: string | undefined
  /** Undefined if the gateway asks for no pause. */
  retryAfterMs: number | undefined
}

export interface Attempt extends Outcome {
  gateway: number
  began: number
  ended: number
}

interface AttemptOptions {
  clients: readonly GatewayClient[]
  limit: ConcurrencyLimit
  figures: StorefrontFigures
  /** Whether nothing more may be sent. */
  closed: () => boolean
}

/** Chooses a gateway only when the request may be sent; undefined if nothing is to be sent any more by then. */
export type MakeAttempt = (
  request: CheckoutRequest,
  choose: () => number | undefined,
) => Promise<Attempt | undefined>

/** Sends one request when the concurrency limit allows it, and returns the result. */
export function createAttempts({ clients, limit, figures, closed }: AttemptOptions): MakeAttempt {
  return async (request, choose) => {
    await limit.acquire()
    try {
      const gateway = closed() ? undefined : choose()
      const client = gateway === undefined ? undefined : clients[gateway]
      if (gateway === undefined || !client) return undefined
      const began = now()
      const attempt = { ...(await post(client, request)), gateway, began, ended: now() }
      if (attempt.requests > 1) figures.resent()
      if (attempt.answer?.status === 503 && attempt.retryAfterMs === undefined) figures.withoutRetryAfter()
      return attempt
    } finally {
      limit.release()
    }
  }
}

async function post(client: GatewayClient, request: CheckoutRequest): Promise<Outcome> {
  try {
    const { resent, ...answer } = await client.post(request)
    const acknowledgement = readAcknowledgement(answer)
    return {
      requests: resent ? 2 : 1,
      answer,
      acknowledgement,
      failure: acknowledgement ? undefined : failureOf(answer),
      retryAfterMs: retryAfterMs(answer),
    }
  } catch (error) {
    const { failure, resent } = RequestError.from(error)
    return {
      requests: resent ? 2 : 1,
      answer: undefined,
      acknowledgement: undefined,
      failure,
      retryAfterMs: undefined,
    }
  }
}
