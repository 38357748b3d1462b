export interface BrokenReplay {
  key: string
  gateway: number
  expected: string
  got: string
  replayedHeader: string | undefined
}

/** Reused keys do not count as checkouts: the ledger has `sent` + `keysReused` lines. */
export interface StorefrontResult {
  sent: number
  acknowledged: number
  givenUp: number
  /**
   * Parallel arrays for the first 202 of each checkout: epoch ms of the answer and of its request; ms since
   * it was due, number of requests.
   */
  acks: { at: Float64Array; began: Float64Array; sinceDueMs: Float32Array; attempts: Uint16Array }
  /**
   * Parallel arrays of every failed attempt: epoch ms of its end and its beginning, gateway, index into
   * `failures`.
   */
  refused: {
    at: Float64Array
    began: Float64Array
    gateway: Uint8Array
    failure: Uint16Array
    failures: string[]
  }
  /** Second clicks with another answer than the first, although the gateway is the same process. */
  brokenReplays: BrokenReplay[]
  /** 503 answers without Retry-After. */
  withoutRetryAfter: number
  replaysChecked: number
  /** Other bodies that were sent with a used key. */
  keysReused: number
  /** Requests repeated because a kept connection had just been closed. */
  resent: number
}

export interface StorefrontProgress {
  due: number
  acknowledged: number
  /** Sent or due, and not acknowledged yet. */
  waiting: number
}
