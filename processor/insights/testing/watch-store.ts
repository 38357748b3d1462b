import { generateMersenne53Randomizer } from '@faker-js/faker'
import { type Cause, findCauses, type Periods, RECENT_MS } from '../find-causes.ts'
import type { Purchase } from '../purchase.ts'
import { MOST_BEFORE, MOST_NOW } from '../read-purchases.ts'
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
const RECENT = RECENT_MS / 60_000

interface Seen extends Pick<Purchase, 'isSlow'> {
  traits: Traits
  /** Always its own: decides in which samples it is, as its position in the log does. */
  draw: number
}

interface Window {
  length: number
  /** How many purchases there are, and how many of them are read. */
  all: { now: number; before: number }
  now: Sample
  recent: Sample
  before: Sample
}

/** Asks each minute why purchases of the last hour and of the last day were slow, as a page would. */
export function watchStore(timeZone: string, seed = 0) {
  const random = generateMersenne53Randomizer(seed)
  const traitsOf = createTraits(createStoreTime(timeZone).hourOf)
  const minutes: Seen[][] = []
  const ago = (count: number) => minutes.at(-1 - count) ?? []
  const windows = PERIODS.map(
    (length): Window => ({
      length,
      all: { now: 0, before: 0 },
      now: createSample(),
      recent: createSample(),
      before: createSample(),
    }),
  )

  function slide({ length, all, now, recent, before }: Window) {
    const [added, left, forgotten] = [ago(0), ago(length), ago(length + DAY)]
    all.now += added.length - left.length
    all.before += left.length - forgotten.length
    now.remove(left)
    now.add(added, MOST_NOW / all.now)
    recent.remove(ago(RECENT))
    recent.add(added, MOST_NOW / all.now)
    before.remove(forgotten)
    before.add(left, MOST_BEFORE / all.before)
  }

  const periods = (): Periods[] =>
    windows.map(({ now, recent, before }) => ({
      now: now.tally,
      recent: recent.tally,
      before: before.tally,
    }))

  return {
    /** Adds the purchases of the next minute. */
    add(purchases: readonly Purchase[]): void {
      minutes.push(
        purchases.map((purchase) => ({
          isSlow: purchase.isSlow,
          traits: traitsOf(purchase),
          draw: random.next(),
        })),
      )
      for (const window of windows) slide(window)
      if (minutes.length > 2 * DAY + 1) minutes.shift()
    },

    periods,

    look: (): Look[] =>
      periods().map((each, index) => ({ minutes: PERIODS[index] ?? 0, causes: findCauses(each) })),
  }
}

function createSample() {
  const tally = createTally()
  const sampled = new Set<Seen>()
  return {
    tally,
    add(purchases: readonly Seen[], share: number): void {
      for (const seen of purchases) {
        if (seen.draw >= share) continue
        sampled.add(seen)
        tally.add(seen.traits, one(seen.isSlow))
      }
    },
    remove(purchases: readonly Seen[]): void {
      for (const seen of purchases)
        if (sampled.delete(seen)) tally.add(seen.traits, { of: -1, slow: seen.isSlow ? -1 : 0 })
    },
  }
}

type Sample = ReturnType<typeof createSample>
