/** How long a customer stayed in one stage of a purchase, and the error that they met there. */
export interface StageTime {
  stage: string
  seconds: number
  error?: string | undefined
}

/** A purchase with a known duration, as far as it matters to why it was slow. */
export interface Purchase {
  eventId: string
  /** When it was received, in milliseconds since the epoch. */
  at: number
  isSlow: boolean
  /** From arriving to confirming. */
  minutes: number
  product: string
  city: string
  /** Empty if the storefront did not measure them. */
  stages: readonly StageTime[]
}
