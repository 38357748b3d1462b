import type { Condition } from './find-conditions.ts'

/** More checkouts are expected than the processors classify. */
export interface ForeseenExcess {
  /** When it begins, in milliseconds since the epoch. */
  at: number
  /** Expected checkouts per second then. */
  perSecond: number
  /** What the processors classify per second. */
  capacity: number
}

/** Remembers what the forecast says until it says something else. */
export function keepForeseenExcess() {
  let excess: ForeseenExcess | undefined

  return {
    /** Undefined: none is expected, or nothing is known. */
    foresee: (next: ForeseenExcess | undefined): void => {
      excess = next
    },

    conditions(now: number): Condition[] {
      if (excess === undefined) return []
      const { at, perSecond, capacity } = excess
      const seconds = Math.max(0, Math.round((at - now) / 1_000))
      return [
        {
          key: 'forecast-beyond-capacity',
          code: 'forecast-beyond-capacity',
          level: 'warn',
          details: { seconds, perSecond: Math.round(perSecond), capacity: Math.round(capacity) },
        },
      ]
    },
  }
}
