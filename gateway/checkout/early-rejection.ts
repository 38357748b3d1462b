import type { Context } from 'hono'
import { overloaded } from '../../backbone/problem.ts'
import { correctCheckout } from '../../backbone/records/correct-checkout.ts'
import { type Lane, laneOf } from '../../backbone/records/partition.ts'
import type { Admission } from '../overload/admission.ts'
import type { Submission } from './accept-checkout.ts'
import type { SubmissionEnv } from './read-submission.ts'

interface EarlyOptions {
  admission: Admission
  /** Whether this may repeat an event whose answer is remembered: repetitions are answered at any load. */
  mayRepeat: (submission: Submission) => boolean
  /** Throws `overloaded` if there is no room for a purchase whose client first tried at `since`. */
  checkRoom: (since: number) => void
}

// RFC 9218, section 4.1: 0 is the most urgent, 3 the default.
const LESS_URGENT_THAN_USUAL = 4

/**
 * Rejects a request by its headers before its body is read: reading it would cost more than the rejection.
 * Throws `overloaded`.
 */
export function rejectEarly({ admission, mayRepeat, checkRoom }: EarlyOptions) {
  return ({ req }: Context, submission: Submission): void => {
    if (mayRepeat(submission)) return
    const criticality = declaredLane(req.header('priority')) ?? 'purchase'
    admission.check(criticality)
    if (criticality === 'purchase') checkRoom(submission.since)
  }
}

/**
 * If visits are not admitted, rejects them by the two fields that identify a visit, before the rest of the body is
 * validated. Throws `overloaded`.
 */
export function rejectVisitsEarly({ admission, mayRepeat }: Omit<EarlyOptions, 'checkRoom'>) {
  return (context: Context<SubmissionEnv>, submission: Submission, json: unknown): void => {
    if (admission.hasRoom('browse') || mayRepeat(submission) || isPurchase(json)) return
    context.set('lane', 'browse')
    throw overloaded({ givesWay: true })
  }
}

/** A body whose `taps` and `folio` cannot be read counts as a visit. */
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

/** The lane that a storefront declares (RFC 9218). Without it, only the body shows whether it is a visit. */
export function declaredLane(priority: string | undefined): Lane | undefined {
  if (priority === undefined) return undefined
  const [, urgency] = /(?:^|,)\s*u=([0-7])\s*(?:[,;]|$)/.exec(priority) ?? []
  if (urgency === undefined) return undefined
  return Number(urgency) >= LESS_URGENT_THAN_USUAL ? 'browse' : 'purchase'
}
