export const invariants = [
  'acknowledged-not-lost',
  'one-outcome',
  'nothing-altered',
  'order',
  'dead-letter',
  'follow-up',
  'replay',
  'streams',
  'views-agree',
  'bounded',
  'private-logs',
  'recovery',
] as const

export type Invariant = (typeof invariants)[number]

/** A broken invariant: what was observed, the events, and the records around them. */
export interface Violation {
  invariant: Invariant
  what: string
  eventIds: string[]
  around: string[]
}

/** A violation without particular records. */
export function violationOf(invariant: Invariant, what: string, eventIds: string[] = []): Violation {
  return { invariant, what, eventIds, around: [] }
}
