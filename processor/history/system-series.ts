import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { MinuteSeries } from '../forecast/forecast.ts'
import { shownSums } from './count-outcomes.ts'
import type { Hour } from './history-record.ts'
import {
  type Column,
  columnOf,
  columns,
  HOUR_MS,
  type HourSums,
  hourOf,
  KEPT_MS,
  MINUTE_MS,
} from './minute-sums.ts'

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
type Totals = Record<Column, Float64Array>

// Under a millisecond of work: outcomes are classified on the same thread.
const HOURS_AT_A_TIME = 200

/** Undefined while no minute is known. */
export async function systemSeries(partitions: Partitions, now: number): Promise<SystemSeries | undefined> {
  const first = Math.max(firstHour(partitions), hourOf(now - KEPT_MS))
  const end = knownUntil(partitions, first, now)
  const start = first * HOUR_MS
  if (end === undefined || end <= start) return undefined
  const totals = await addUp(partitions, start, end)
  await yieldToOthers()
  return { ...seriesOf(totals, start), end }
}

function seriesOf({ slow, otherPurchases, visits, lagMs, watched }: Totals, start: number) {
  const empty = () => ({ start, values: new Float64Array(slow.length).fill(Number.NaN) })
  const series = { purchases: empty(), visits: empty(), slowShare: empty(), lagSeconds: empty() }
  for (let minute = 0; minute < slow.length; minute++) {
    const purchases = slow[minute]! + otherPurchases[minute]!
    const all = purchases + visits[minute]!
    if (all === 0 && watched[minute] === 0) continue
    series.purchases.values[minute] = purchases
    series.visits.values[minute] = visits[minute]!
    // 0 / 0 is NaN: unknown.
    series.slowShare.values[minute] = slow[minute]! / purchases
    series.lagSeconds.values[minute] = lagMs[minute]! / 1_000 / all
  }
  return series
}

/** As arguments of `Math.min`, the hours of a thousand partitions would exceed the stack. */
const firstHour = (partitions: Partitions): number =>
  partitions
    .values()
    .flatMap((hours) => hours.keys())
    .reduce((first, hour) => Math.min(first, hour), Number.POSITIVE_INFINITY)

/** Up to where each partition has been counted: later minutes lack the checkouts of a partition. */
function knownUntil(partitions: Partitions, first: number, now: number): number | undefined {
  const ends = [...partitions.values()].flatMap((hours) => lastWatched(hours, first, now) ?? [])
  return ends.length === 0 ? undefined : Math.min(...ends) + MINUTE_MS
}

function lastWatched(hours: ReadonlyMap<number, Hour>, first: number, now: number): number | undefined {
  // A processor whose clock was ahead has watched hours that are still to come.
  for (let hour = hourOf(now); hour >= first; hour--) {
    const sums = hours.get(hour)
    const minute = sums ? columnOf(shownSums(sums), 'watched').findLastIndex((value) => value > 0) : -1
    if (minute >= 0) return hour * HOUR_MS + minute * MINUTE_MS
  }
  return undefined
}

/** The sums of all partitions, by minute from start to end. */
async function addUp(partitions: Partitions, start: number, end: number): Promise<Totals> {
  const minutes = (end - start) / MINUTE_MS
  const totals = Object.fromEntries(columns.map((column) => [column, new Float64Array(minutes)])) as Totals
  let added = 0
  for (const hours of partitions.values()) {
    for (const [hour, sums] of hours) {
      const at = (hour * HOUR_MS - start) / MINUTE_MS
      if (at < 0 || at >= minutes) continue
      addHour(totals, at, shownSums(sums))
      if (++added % HOURS_AT_A_TIME === 0) await yieldToOthers()
    }
  }
  return totals
}

function addHour(totals: Totals, at: number, sums: HourSums): void {
  for (const column of columns) addValues(totals[column], at, columnOf(sums, column))
}

function addValues(into: Float64Array, at: number, values: Float64Array): void {
  const count = Math.min(values.length, into.length - at)
  for (let minute = 0; minute < count; minute++) into[at + minute]! += values[minute]!
}
