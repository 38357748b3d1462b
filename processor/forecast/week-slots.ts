export const MINUTE_MS = 60_000
const HALF_HOUR = 30
const DAY = 1_440
export const WEEK = 7 * DAY

/**
 * The minute of the local week of each minute. Shops follow the clock of their customers, and clocks change (America/Santiago
 * twice a year): a season by UTC would be an hour off for weeks.
 */
export function weekSlots(start: number, count: number, timeZone: string): Int32Array {
  const offsetAt = createOffsets(timeZone)
  const slots = new Int32Array(count)
  for (let from = 0; from < count; from += DAY) {
    const until = Math.min(from + DAY, count)
    const before = offsetAt(start + from * MINUTE_MS)
    const changes = before !== offsetAt(start + (until - 1) * MINUTE_MS)
    let offset = before
    for (let minute = from; minute < until; minute++) {
      if (changes && (minute - from) % HALF_HOUR === 0) offset = offsetAt(start + minute * MINUTE_MS)
      const local = (start / MINUTE_MS + minute + offset) % WEEK
      slots[minute] = local < 0 ? local + WEEK : local
    }
  }
  return slots
}

/** Minutes east of UTC. */
function createOffsets(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
    return (sign === '-' ? -1 : 1) * (60 * Number(hours ?? 0) + Number(minutes ?? 0))
  }
}
