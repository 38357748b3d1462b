import { now } from '../../../loadgen/clock.ts'
import type { Random } from '../../../loadgen/shoppers/draws.ts'
import type { Attempt, MakeAttempt } from './attempt.ts'
import type { GatewayChoice } from './gateway-choice.ts'
import type { CheckoutRequest } from './gateway-client.ts'
import type { Pauses } from './pauses.ts'
import { retryDelay } from './retry-delay.ts'
import type { StorefrontFigures } from './storefront-figures.ts'

const CONFLICT = 422

interface DeliveryOptions {
  attempt: MakeAttempt
  choice: GatewayChoice
  pauses: Pauses
  figures: StorefrontFigures
  random: Random
  closed: () => boolean
}

interface DeliveryTerms {
  giveUpAt: number
  /** A gateway to avoid at first. */
  notAt?: number
  /** Whether 422 is an expected answer, which ends the delivery. */
  mayConflict?: boolean
}

export interface Delivery {
  requests: number
  /** The last attempt, if it had a final answer. */
  answered: Attempt | undefined
}

export type Deliver = (request: CheckoutRequest, terms: DeliveryTerms) => Promise<Delivery>

/** Sends the same bytes to one gateway after another, until one has given a final answer. */
export function createDelivery(options: DeliveryOptions): Deliver {
  const { attempt, choice, pauses, figures, random, closed } = options

  function pauseAfter({ gateway, failure, retryAfterMs, ended }: Attempt, failures: number): number {
    if (failure === 'connection refused') {
      choice.refused(gateway, ended)
      if (choice.hasOther(ended)) return 0
    }
    return retryDelay(failures, retryAfterMs ?? 0, random)
  }

  return async (request, { giveUpAt, notAt, mayConflict = false }) => {
    let tried = notAt
    let requests = 0
    for (let failures = 1; ; failures++) {
      const made = await attempt(request, () => (now() < giveUpAt ? choice.next(tried, now()) : undefined))
      if (!made) return { requests, answered: undefined }
      requests += made.requests
      tried = made.gateway
      if (made.acknowledgement || (mayConflict && made.answer?.status === CONFLICT))
        return { requests, answered: made }
      // Requests cancelled at the end were not refused.
      if (closed()) return { requests, answered: undefined }
      figures.failed({ ...made, failure: made.failure ?? '' })
      await pauses.pause(pauseAfter(made, failures))
    }
  }
}
