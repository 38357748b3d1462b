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
  /** Until it is sent again; 0 while a request is waiting for its answer. */
  pauseMs: number
  /** Whether the gateway has given it a place in the queue. */
  keepsPlace: boolean
  reason: WaitReason
  /** Of the answer; undefined when it is `unreachable`. */
  status: number | undefined
  /** How long nothing has answered: since the first request without an answer was sent. 0 when an answer came. */
  silentMs: number
}

export interface Options {
  /** Of the gateway; the page's own origin by default. */
  url?: string
  /** Where it is kept until the gateway has it; `localStorage` outlives a closed tab. */
  storage?: Storage
  /** How long to wait for the outcome, too; up to 30. */
  waitSeconds?: number
  /**
   * Called before each pause, and also every 10 s while nothing answers (with `waitSeconds`, every 10 s and that time). So a
   * page tells its customer where `silentMs >= 10_000`.
   */
  onWait?: (waiting: Waiting) => void
  /** Stops sending; it is kept, and can be resumed. */
  signal?: AbortSignal
}

/** What is wrong with a field, by JSON pointer (RFC 6901). */
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
  /** Of a purchase that was stored although its contact data is faulty; the support team follows it up. */
  faults?: FieldFault[]
  /** Fields that the gateway does not know. */
  warnings?: FieldWarning[]
}

/** The gateway does not take it: `problem` says why (RFC 9457). */
export class CheckoutRefused extends Error {
  readonly status: number
  readonly problem: { type?: string; title?: string; errors?: FieldFault[]; warnings?: FieldWarning[] }
  /** Whether it may be sent again, once the cause is fixed: with a session that has ended, most often. */
  readonly kept: boolean
}

export function sendCheckout(purchase: string, checkout: object, options?: Options): Promise<Answer>

/** Goes on with what an earlier page could not finish, by purchase. */
export function resumeCheckouts(options?: Options): Map<string, Promise<Answer>>
