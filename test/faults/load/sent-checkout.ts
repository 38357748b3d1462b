/** One answer of 202, as a client read it. */
export interface Acknowledgement {
  eventId: string
  partition: number
  offset: number
}

/** What became of one checkout of a storefront: a line of the ledger, NDJSON. */
export interface SentCheckout {
  /** Of the arrival; it stands in the address of the checkout too, which thereby is unlike any other. */
  number: number
  /** None: sent without an Idempotency-Key. */
  key: string | undefined
  /** The bytes that were sent: a checkout in its canonical form. */
  body: string
  /** Every 202 that a client got for it; none when no answer came before the client gave up. */
  acknowledgements: Acknowledgement[]
  attempts: number
  /** The number of the checkout under whose key this other body was sent, through another gateway, by mistake. */
  reusesKeyOf?: number
}
