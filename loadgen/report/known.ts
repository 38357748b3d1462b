/** A missing measurement is undefined, and null after it was stored as JSON. */
export type Maybe = number | undefined | null

export const isKnown = (value: Maybe): value is number => Number.isFinite(value)
