import type { Context } from 'hono'
import { overloaded } from '../../backbone/problem.ts'
import { correctCheckout } from '../../backbone/records/correct-checkout.ts'
import { laneOf } from '../../backbone/records/partition.ts'
import type { Admission, Criticality } from '../overload/admission.ts'
import type { Submission } from './accept-checkout.ts'

interface EarlyOptions {
  admission: Admission
  /** Whether this may repeat an event whose answer is remembered: a repetition is answered whatever the load. */
  mayRepeat: (submission: Submission) => boolean
  /** Throws `overloaded` when a buyer who has been trying since then would find no room. */
  checkRoom: (since: number) => void
}

// RFC 9218, section 4.1: 0 is the most urgent, 3 what says nothing.
const LESS_URGENT_THAN_USUAL = 4

/** Refuses before a body is read whom its headers condemn: reading it would cost more than the refusal. Throws `overloaded`. */
export function refuseEarly({ admission, mayRepeat, checkRoom }: EarlyOptions) {
  return ({ req }: Context, submission: Submission): void => {
    if (mayRepeat(submission)) return
    const criticality = statedCriticality(req.header('priority'))
    admission.check(criticality)
    if (criticality === 'purchase') checkRoom(submission.since)
  }
}

/** When browsers are not let in, looks at no more of a body than tells whether it is one's. Throws `overloaded`. */
export function refuseBrowsersEarly({ admission, mayRepeat }: Omit<EarlyOptions, 'checkRoom'>) {
  return (submission: Submission, json: unknown): void => {
    if (admission.hasPlace('browse') || mayRepeat(submission) || isPurchase(json)) return
    throw overloaded({ givesWay: true })
  }
}

/** What cannot be told apart is none. */
function isPurchase(json: unknown): boolean {
  const { taps: rawTaps, folio: rawFolio } = (json ?? {}) as Record<string, unknown>
  const { value } = correctCheckout({ taps: rawTaps, folio: rawFolio })
  const { taps, folio } = value as Record<string, unknown>
  const lane = laneOf({
    taps: typeof taps === 'number' ? taps : null,
    folio: typeof folio === 'string' ? folio : null,
  })
  return lane === 'purchase'
}

/** What a storefront says of its own events (RFC 9218); what it does not say is known only from the body. */
function statedCriticality(priority: string | undefined): Criticality {
  const [, urgency] = /(?:^|,)\s*u=([0-7])\s*(?:[,;]|$)/.exec(priority ?? '') ?? []
  return Number(urgency) >= LESS_URGENT_THAN_USUAL ? 'browse' : 'purchase'
}
