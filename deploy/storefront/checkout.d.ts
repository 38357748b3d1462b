export interface Waiting {
  attempts: number
  pauseMs: number
  /** Whether the gateway has given it a place in the queue. */
  keepsPlace: boolean
}

export interface Options {
  /** Of the gateway; the page's own origin by default. */
  url?: string
  /** Where it is kept until the gateway has it; `localStorage` outlives a closed tab. */
  storage?: Storage
  /** How long to wait for the outcome, too; up to 30. */
  waitSeconds?: number
  /** Told each time before it is sent again. */
  onWait?: (waiting: Waiting) => void
  /** Stops sending; it is kept, and can be resumed. */
  signal?: AbortSignal
}

export interface Answer {
  eventId: string
  status: 'accepted' | 'classified'
  outcome?: { kind: string; message: string | null }
}

/** The gateway does not take it: `problem` says why (RFC 9457). */
export class CheckoutRefused extends Error {
  readonly status: number
  readonly problem: { type?: string; title?: string; errors?: { pointer: string; detail: string }[] }
  /** Whether it may be sent again, once what was in the way is mended: with a session that has ended, most often. */
  readonly kept: boolean
}

export function sendCheckout(purchase: string, checkout: object, options?: Options): Promise<Answer>

/** Goes on with what an earlier page could not finish, by purchase. */
export function resumeCheckouts(options?: Options): Map<string, Promise<Answer>>
