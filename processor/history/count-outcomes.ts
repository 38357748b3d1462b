import type { Hour } from './history-record.ts'
import type { KeptHistory } from './keep-history.ts'
import {
  addOutcome,
  type CountedOutcome,
  columnOf,
  emptySums,
  HOUR_MS,
  type HourSums,
  hourOf,
  KEPT_MS,
  MINUTE_MS,
  minuteOfHour,
} from './minute-sums.ts'

export interface PlacedOutcome extends Omit<CountedOutcome, 'receivedAt'> {
  /** Offset in Notifications. */
  offset: number
  /** Undefined for a dead letter that was sent again: it was received, and counted, long ago. */
  receivedAt: number | undefined
}

// Clocks of gateways may be ahead.
const LONGEST_AHEAD_MS = 10 * MINUTE_MS

interface CountOptions {
  partition: number
  log: string
  history: Pick<KeptHistory, 'hoursOf' | 'countedThrough' | 'appendedAt'>
  now?: () => number
}

/**
 * Counts the outcomes of one partition in the order of their offsets, each once: what the topic of the history has is
 * continued after the offset up to which it was counted. The sums follow from Notifications alone, so that each owner
 * counts the same.
 */
export function countOutcomes({ partition, log, history, now = Date.now }: CountOptions) {
  const hours = history.hoursOf(partition)
  const changed = new Set<number>()
  let next = history.countedThrough(partition, log)
  let newestAt = 0
  let watchedUntil = Number.POSITIVE_INFINITY
  let cachedHour = Number.NaN
  let cachedSums: HourSums = emptySums()

  function sumsOf(hour: number): HourSums {
    if (hour === cachedHour && changed.has(hour)) return cachedSums
    const known = hours.get(hour)
    const current = known?.log === log ? known : startHour(known)
    hours.set(hour, current)
    changed.add(hour)
    cachedHour = hour
    cachedSums = current.sums
    return current.sums
  }

  /** Checkouts of a former log may be classified again: the greater sum of both logs counts. */
  const startHour = (known: Hour | undefined): Hour => {
    const fresh = { log, through: 0, sums: emptySums() }
    return known === undefined ? fresh : { ...fresh, former: shownSums(known) }
  }

  /** By the clock of this process or of the broker of the history: one that is wrong must not make outcomes uncounted. */
  function plausibleTimes() {
    const own = now()
    const broker = history.appendedAt() ?? own
    return {
      earliest: (hourOf(Math.min(own, broker) + LONGEST_AHEAD_MS - KEPT_MS) + 1) * HOUR_MS,
      latest: Math.max(own, broker) + LONGEST_AHEAD_MS,
    }
  }

  /** The hours whose sums have changed since the last call, as they are now. */
  function takeChanged(): { hour: number; sums: Hour }[] {
    const taken = [...changed].flatMap((hour) => {
      const sums = hours.get(hour)
      if (sums === undefined) return []
      sums.through = next
      return { hour, sums }
    })
    changed.clear()
    return taken
  }

  return {
    log,

    /** Everything before this offset of Notifications has been counted. */
    next: () => next,

    /** Outcomes in the order of their offsets, and the offset after them and other records. */
    add(outcomes: readonly PlacedOutcome[], end: number): void {
      const { earliest, latest } = plausibleTimes()
      for (const { offset, kind, receivedAt, classifiedAt } of outcomes) {
        if (offset < next || receivedAt === undefined) continue
        if (!(receivedAt >= earliest && receivedAt <= latest)) continue
        addOutcome(sumsOf(hourOf(receivedAt)), { kind, receivedAt, classifiedAt })
        if (receivedAt > newestAt) newestAt = receivedAt
      }
      next = Math.max(next, end)
    },

    /** All that was received before this time has been classified and counted, since the last call or that time. */
    watched(until: number): void {
      const from = Math.min(watchedUntil, until)
      const end = Math.floor(until / MINUTE_MS) * MINUTE_MS
      for (let at = Math.floor(from / MINUTE_MS) * MINUTE_MS; at < end; at += MINUTE_MS)
        columnOf(sumsOf(hourOf(at)), 'watched')[minuteOfHour(at)] = 1
      watchedUntil = Math.max(end, from)
    },

    /** Nothing is known of the time until the next call of `watched`. */
    unwatched(): void {
      watchedUntil = Number.POSITIVE_INFINITY
    },

    /** When the newest counted checkout was received; 0 without any. */
    newestAt: () => newestAt,

    /** The hour has not been written. */
    toWrite: (hour: number): void => void changed.add(hour),
    takeChanged,
    /** Another owner goes on, or another log. What was counted here stays complete up to `next`. */
    end: (): void => void takeChanged(),
  }
}

export type OutcomeCounter = ReturnType<typeof countOutcomes>

/** The sums of an hour, those of former logs included. */
export function shownSums({ sums, former }: Pick<Hour, 'sums' | 'former'>): HourSums {
  return former === undefined ? sums : sums.map((value, index) => Math.max(value, former[index] ?? 0))
}
