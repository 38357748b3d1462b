export interface BrokenReplay {
  key: string
  gateway: number
  expected: string
  got: string
  replayedHeader: string | undefined
}

/** A mistake is no checkout here: the ledger has `sent` + `keysReused` lines. */
export interface StorefrontResult {
  sent: number
  acknowledged: number
  givenUp: number
  /** Parallel arrays of the first 202 of each checkout: epoch ms when it came, and when its request was sent; ms since it was due, requests it took. */
  acks: { at: Float64Array; began: Float64Array; sinceDueMs: Float32Array; attempts: Uint16Array }
  /** Parallel arrays of every attempt that failed: epoch ms of its end and its beginning, gateway, index into `failures`. */
  refused: {
    at: Float64Array
    began: Float64Array
    gateway: Uint8Array
    failure: Uint16Array
    failures: string[]
  }
  /** Double clicks that were answered otherwise than the first time although the gateway is the same process. */
  brokenReplays: BrokenReplay[]
  /** Answers of 503 that do not say when to come again. */
  withoutRetryAfter: number
  replaysChecked: number
  /** Other bodies that were sent under a key already used. */
  keysReused: number
  /** Requests that were sent a second time because a kept connection was closed just then. */
  resent: number
}

export interface StorefrontProgress {
  due: number
  acknowledged: number
  /** Sent, or due to be, and not acknowledged yet. */
  waiting: number
}
