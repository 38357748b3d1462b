import type { MinuteSeries } from '../forecast/forecast.ts'
import { shownSums } from './count-outcomes.ts'
import type { Hour } from './history-record.ts'
import { type Column, columnOf, columns, HOUR_MS, hourOf, KEPT_MS, MINUTE_MS } from './minute-sums.ts'

/** Of all partitions, by minute; NaN where nothing is known. */
export interface SystemSeries {
  purchases: MinuteSeries
  visits: MinuteSeries
  /** Of the purchases; NaN without any. */
  slowShare: MinuteSeries
  /** From receipt to classification, in seconds: the mean of the minute; NaN without a checkout. */
  lagSeconds: MinuteSeries
  /** The first minute that is not known yet, in milliseconds since the epoch. */
  end: number
}

type Partitions = ReadonlyMap<number, ReadonlyMap<number, Hour>>

/** Undefined while no minute is known. */
export function systemSeries(partitions: Partitions, now: number): SystemSeries | undefined {
  const end = knownUntil(partitions)
  const first = Math.min(...partitions.values().flatMap((hours) => hours.keys()))
  const start = Math.max(first, hourOf(now - KEPT_MS)) * HOUR_MS
  if (end === undefined || end <= start) return undefined
  const sums = addUp(partitions, start, end)
  const { slow, otherPurchases, visits, lagMs, watched } = sums
  const isKnown = (minute: number) =>
    watched[minute]! > 0 || slow[minute]! > 0 || otherPurchases[minute]! > 0 || visits[minute]! > 0
  const seriesOf = (value: (minute: number) => number): MinuteSeries => ({
    start,
    values: Float64Array.from({ length: slow.length }, (_, minute) =>
      isKnown(minute) ? value(minute) : Number.NaN,
    ),
  })
  const purchasesOf = (minute: number) => slow[minute]! + otherPurchases[minute]!
  return {
    purchases: seriesOf(purchasesOf),
    visits: seriesOf((minute) => visits[minute]!),
    slowShare: seriesOf((minute) => ratio(slow[minute]!, purchasesOf(minute))),
    lagSeconds: seriesOf((minute) => ratio(lagMs[minute]! / 1_000, purchasesOf(minute) + visits[minute]!)),
    end,
  }
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : Number.NaN)

/** Up to where each partition has been counted: later minutes lack the checkouts of a partition. */
function knownUntil(partitions: Partitions): number | undefined {
  const ends = [...partitions.values()].flatMap((hours) => lastWatched(hours) ?? [])
  return ends.length === 0 ? undefined : Math.min(...ends) + MINUTE_MS
}

function lastWatched(hours: ReadonlyMap<number, Hour>): number | undefined {
  for (const hour of [...hours.keys()].toSorted((a, b) => b - a)) {
    const sums = hours.get(hour)
    const minute = sums ? columnOf(shownSums(sums), 'watched').findLastIndex((value) => value > 0) : -1
    if (minute >= 0) return hour * HOUR_MS + minute * MINUTE_MS
  }
  return undefined
}

/** The time of each column of sums, from start to end. */
function addUp(partitions: Partitions, start: number, end: number): Record<Column, Float64Array> {
  const minutes = (end - start) / MINUTE_MS
  const total = Object.fromEntries(columns.map((column) => [column, new Float64Array(minutes)])) as Record<
    Column,
    Float64Array
  >
  for (const hours of partitions.values()) {
    for (const [hour, sums] of hours) {
      const at = (hour * HOUR_MS - start) / MINUTE_MS
      if (at >= 0 && at < minutes) addHour(total, at, shownSums(sums))
    }
  }
  return total
}

function addHour(total: Record<Column, Float64Array>, at: number, sums: Float64Array): void {
  for (const column of columns) {
    const into = total[column]
    const values = columnOf(sums, column)
    const count = Math.min(values.length, into.length - at)
    for (let minute = 0; minute < count; minute++) into[at + minute]! += values[minute]!
  }
}
