/**
 * Why a checkout is not stored yet. It is sent again in every case.
 *
 * - `unreachable`: no answer. The network, DNS or TLS failed, the answer broke off, it took too long, or the gateway does not
 *   allow this page's origin (CORS): a browser tells a page none of these from another. An answer that a CDN or a firewall
 *   gives without CORS headers counts as none, too.
 * - `overloaded`: 429 or 503 with `Retry-After`. It comes back when that says, with its place in the queue.
 * - `refused`: any other answer that may pass: 408, 429 or 503 without `Retry-After`, 500, 502, 504 and other 5xx. What does
 *   not pass is no wait, it throws {@link CheckoutRefused}.
 */
export type WaitReason = 'unreachable' | 'refused' | 'overloaded'

export interface Waiting {
  /** Requests sent so far. */
  attempts: number
  /** Until the next request; 0 while a request is waiting for its answer. */
  pauseMs: number
  /** Whether it has a queue ticket of the gateway. */
  keepsPlace: boolean
  reason: WaitReason
  /** Status of the answer; undefined if it is `unreachable`. */
  status: number | undefined
  /** How long nothing has answered: since the first unanswered request was sent. 0 after an answer. */
  silentMs: number
}

export interface Options {
  /** URL of the gateway; by default the page's own origin. */
  url?: string
  /** Where it is kept until the gateway has stored it; `localStorage` outlives a closed tab. */
  storage?: Storage
  /** Also waits for the outcome, for this many seconds; up to 30. */
  waitSeconds?: number
  /**
   * Called before each pause, and every 10 s while nothing answers (with `waitSeconds`, every 10 s plus that time).
   * A page can warn its customer when `silentMs >= 10_000`.
   */
  onWait?: (waiting: Waiting) => void
  /** W3C Trace Context of the page, if it has a trace that does not reach `fetch` by itself. */
  traceparent?: string
  /** Stops sending; the checkout is kept and can be resumed. */
  signal?: AbortSignal
}

/** A fault of a field, by JSON pointer (RFC 6901). */
export interface FieldFault {
  pointer: string
  code?: string
  detail?: string
}

interface FieldWarning extends FieldFault {
  didYouMean?: string
}

export interface Answer {
  eventId: string
  status: 'accepted' | 'classified'
  outcome?: { kind: string; message: string | null }
  /** Faults in the contact data of a stored purchase; the support team follows it up. */
  faults?: FieldFault[]
  /** Unknown fields. */
  warnings?: FieldWarning[]
}

/** The gateway rejected the checkout: `problem` has the reason (RFC 9457). */
export class CheckoutRefused extends Error {
  readonly status: number
  readonly problem: { type?: string; title?: string; errors?: FieldFault[]; warnings?: FieldWarning[] }
  /** Whether it can be sent again after the cause is fixed; usually an expired session. */
  readonly kept: boolean
}

export function sendCheckout(purchase: string, checkout: object, options?: Options): Promise<Answer>

/** Resumes the checkouts that an earlier page could not finish, by purchase. */
export function resumeCheckouts(options?: Options): Map<string, Promise<Answer>>
