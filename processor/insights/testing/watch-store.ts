import { type Cause, findCauses, type Periods } from '../find-causes.ts'
import type { Purchase } from '../purchase.ts'
import { createStoreTime } from '../store-time.ts'
import { createTally, one } from '../tally.ts'
import { createTraits, type Traits } from '../traits.ts'

export interface Look {
  minutes: number
  causes: Cause[]
}

const DAY = 1_440
const HOUR = 60
/** The periods that are asked for each minute, in minutes. */
const PERIODS = [HOUR, DAY]

type Seen = Pick<Purchase, 'isSlow'> & { traits: Traits }

/** Asks each minute why purchases of the last hour and of the last day were slow, as a page would. */
export function watchStore(timeZone: string) {
  const traitsOf = createTraits(createStoreTime(timeZone).hourOf)
  const minutes: Seen[][] = []
  const windows = PERIODS.map((length) => ({ length, now: createTally(), before: createTally() }))

  return {
    /** Adds the purchases of the next minute. */
    add(purchases: readonly Purchase[]): void {
      const seen = purchases.map((purchase) => ({ isSlow: purchase.isSlow, traits: traitsOf(purchase) }))
      minutes.push(seen)
      const ago = (count: number) => minutes.at(-1 - count) ?? []
      for (const { length, now, before } of windows) {
        for (const { traits, isSlow } of seen) now.add(traits, one(isSlow))
        for (const { traits, isSlow } of ago(length)) {
          now.add(traits, { of: -1, slow: isSlow ? -1 : 0 })
          before.add(traits, one(isSlow))
        }
        for (const { traits, isSlow } of ago(length + DAY))
          before.add(traits, { of: -1, slow: isSlow ? -1 : 0 })
      }
      if (minutes.length > 2 * DAY + 1) minutes.shift()
    },

    periods: (): Periods[] => windows.map(({ now, before }) => ({ now, before })),

    look: (): Look[] =>
      windows.map(({ length, now, before }) => ({ minutes: length, causes: findCauses({ now, before }) })),
  }
}
