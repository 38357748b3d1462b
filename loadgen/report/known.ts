/** What was not measured is undefined, and null once it went through JSON. */
export type Maybe = number | undefined | null

export const isKnown = (value: Maybe): value is number => Number.isFinite(value)
