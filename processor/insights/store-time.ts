const QUARTER_MS = 15 * 60_000

/** Times as the clock of the store shows them. Throws a RangeError if there is no such zone. */
export function createStoreTime(timeZone: string) {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  // All zones of today differ from UTC by whole quarters of an hour. Formatting costs microseconds.
  const offsets = new Map<number, number>()

  function offsetAt(at: number): number {
    const quarter = Math.floor(at / QUARTER_MS)
    const known = offsets.get(quarter) ?? offsetOf(parts, quarter * QUARTER_MS)
    offsets.set(quarter, known)
    return known
  }

  /** The same clock time in UTC. */
  const local = (at: number) => new Date(at + offsetAt(at))
  return {
    hourOf: (at: number): number => local(at).getUTCHours(),
    /** `21:10`. */
    clock: (at: number): string => local(at).toISOString().slice(11, 16),
    /** Days since the epoch, there. */
    dayOf: (at: number): number => Math.floor(local(at).getTime() / 86_400_000),
    local,
  }
}

export type StoreTime = ReturnType<typeof createStoreTime>

function offsetOf(format: Intl.DateTimeFormat, at: number): number {
  const values = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = values
  return Date.UTC(year, month - 1, day, hour, minute) - at
}
