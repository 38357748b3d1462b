/** A 202 as a client read it. */
export interface Acknowledgement {
  eventId: string
  partition: number
  offset: number
}

/** The results of one checkout of a storefront: a line of the ledger, NDJSON. */
export interface SentCheckout {
  /** Number of the arrival; the address of the checkout contains it, so that it is unique. */
  number: number
  /** Undefined: sent without an Idempotency-Key. */
  key: string | undefined
  /** The bytes that were sent: a canonical checkout. */
  body: string
  /** Every 202 that a client received; empty if the client gave up before. */
  acknowledgements: Acknowledgement[]
  attempts: number
  /** The number of the checkout whose key this other body reused, through another gateway, by mistake. */
  reusesKeyOf?: number
}
