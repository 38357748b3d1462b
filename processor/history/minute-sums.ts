import type { OutcomeKind } from '../../backbone/records/outcome.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
/** How long the sums are kept: five weeks, so that each hour of the week has been seen at least four times. */
export const KEPT_MS = 35 * 24 * HOUR_MS
const MINUTES = 60

/** What is summed up for each minute in which checkouts were received. */
export const columns = ['slow', 'otherPurchases', 'visits', 'lagMs', 'longestLagMs', 'watched'] as const
export type Column = (typeof columns)[number]

const columnStarts = Object.fromEntries(columns.map((column, index) => [column, index * MINUTES])) as Record<
  Column,
  number
>
const { slow: SLOW, otherPurchases: OTHER, visits: VISITS, lagMs: LAG, longestLagMs: LONGEST } = columnStarts

/**
 * Sums of one partition over one hour: a column after the other, of sixty minutes each. `watched` is 1 for a minute of
 * which the owner has classified everything, so that zeros are known to be zeros.
 */
export type HourSums = Float64Array

export const emptySums = (): HourSums => new Float64Array(columns.length * MINUTES)

export const columnOf = (sums: HourSums, column: Column): Float64Array =>
  sums.subarray(columnStarts[column], columnStarts[column] + MINUTES)

export const hourOf = (at: number): number => Math.floor(at / HOUR_MS)
export const minuteOfHour = (at: number): number => Math.floor(at / MINUTE_MS) % MINUTES

export interface CountedOutcome {
  kind: OutcomeKind
  /** Milliseconds since the epoch. */
  receivedAt: number
  classifiedAt: number
}

/** Adds an outcome to the sums of the hour in which its checkout was received. The kind tells the lane. */
export function addOutcome(sums: HourSums, { kind, receivedAt, classifiedAt }: CountedOutcome): void {
  const minute = minuteOfHour(receivedAt)
  // Kinds that an operator has added are purchases.
  const column = kind === 'slow' ? SLOW : kind === 'none' || kind === 'invalid' ? VISITS : OTHER
  sums[column + minute]! += 1
  const lag = Math.max(0, classifiedAt - receivedAt)
  sums[LAG + minute]! += lag
  if (lag > sums[LONGEST + minute]!) sums[LONGEST + minute] = lag
}
