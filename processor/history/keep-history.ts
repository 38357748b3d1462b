import { identifyEvent, type StoredCalendarEvent } from '../../backbone/records/calendar-event.ts'
import {
  type HistoryKey,
  type HistoryMessage,
  type Hour,
  readCalendarEntry,
  readDrain,
  readHour,
  readKey,
} from './history-record.ts'
import { HOUR_MS, hourOf, KEPT_MS } from './minute-sums.ts'

interface KeepOptions {
  dataTopic: string
  /** Whether this process counts the outcomes of the partition: then its own sums are the newest. */
  isCounted: (partition: number) => boolean
  /** Another process has written sums of a partition that this one counts. */
  onOverwritten: (partition: number, hour: number, read: Hour) => void
}

/** What the topic of the history has, in memory. */
export function keepHistory({ dataTopic, isCounted, onOverwritten }: KeepOptions) {
  const partitions = new Map<number, Map<number, Hour>>()
  const drains = new Map<number, number>()
  const events = new Map<string, StoredCalendarEvent>()
  let appendedAt: number | undefined

  function hoursOf(partition: number): Map<number, Hour> {
    const hours = partitions.get(partition) ?? new Map<number, Hour>()
    partitions.set(partition, hours)
    return hours
  }

  function takeHour({ partition, hour }: HistoryKey & { of: 'hour' }, value: string | null): void {
    if (value === null) {
      if (!isCounted(partition)) hoursOf(partition).delete(hour)
      return
    }
    const read = readHour(value)
    const known = hoursOf(partition).get(hour)
    // An hour that it does not know has no outcomes in this log: it was imported, or is of a log before.
    if (known !== undefined && isCounted(partition)) return onOverwritten(partition, hour, read)
    // A former owner that was frozen may write what it had counted until then.
    if (known?.log === read.log && known.through > read.through) return
    hoursOf(partition).set(hour, read)
  }

  function takeValue(key: HistoryKey, value: string | null): void {
    if (key.of === 'hour') takeHour(key, value)
    else if (key.of === 'drain') {
      if (value === null) drains.delete(key.hour)
      else drains.set(key.hour, readDrain(value))
    } else if (value === null) events.delete(key.id)
    else events.set(key.id, identifyEvent(readCalendarEntry(value)))
  }

  return {
    /**
     * A record of the topic, and when its broker appended it, in milliseconds since the epoch. Those of other systems are
     * skipped. Throws for a value of this system that is none.
     */
    take: ({ key: text, value }: HistoryMessage, at: number): void => {
      appendedAt = at
      const key = readKey(dataTopic, text)
      if (key !== undefined) takeValue(key, value)
    },

    /** The sums of a partition by hour; those that were added to must be written. */
    hoursOf,
    partitions: (): ReadonlyMap<number, ReadonlyMap<number, Hour>> => partitions,

    /** Before this offset of the log, all outcomes of the partition have been counted. */
    countedThrough: (partition: number, log: string): number =>
      Math.max(
        0,
        ...hoursOf(partition)
          .values()
          .filter((hour) => hour.log === log)
          .map(({ through }) => through),
      ),

    /** Greatest rate of one processor with a backlog, by hour. */
    drains: drains as ReadonlyMap<number, number>,
    setDrain: (hour: number, perProcessor: number): void => void drains.set(hour, perProcessor),

    events: (): StoredCalendarEvent[] =>
      [...events.values()].toSorted((a, b) => a.from.localeCompare(b.from)),
    setEvent: (event: StoredCalendarEvent): void => void events.set(event.id, event),
    removeEvent: (id: string): boolean => events.delete(id),

    /** When the newest record was appended, by the clock of its broker; undefined while none was read. */
    appendedAt: (): number | undefined => appendedAt,

    /**
     * What is too old by the clocks of this process and of the broker, so that no wrong clock alone removes anything. It is
     * no longer kept here.
     */
    expire(now: number, owned: ReadonlySet<number>): HistoryKey[] {
      if (appendedAt === undefined) return []
      const first = hourOf(Math.min(now, appendedAt) - KEPT_MS)
      const expired: HistoryKey[] = []
      for (const [partition, hours] of partitions) {
        for (const hour of hours.keys()) {
          if (hour >= first) continue
          hours.delete(hour)
          if (owned.has(partition)) expired.push({ of: 'hour', partition, hour })
        }
      }
      if (owned.size === 0) return expired
      for (const hour of drains.keys()) {
        if (hour < first && drains.delete(hour)) expired.push({ of: 'drain', hour })
      }
      for (const { id, until } of events.values()) {
        if (Date.parse(until) < first * HOUR_MS && events.delete(id)) expired.push({ of: 'event', id })
      }
      return expired
    },
  }
}

export type KeptHistory = ReturnType<typeof keepHistory>
