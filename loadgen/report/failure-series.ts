import type { TimelinePoint } from '../run-result.ts'
import type { Colour, Series } from './draw-series.ts'

const COLOURS: Colour[] = ['vermillion', 'blue', 'green', 'pink', 'ochre']

/** A line for each of the most frequent reasons, one for all others, and one for dropped checkouts. */
export function failureSeries(timeline: readonly TimelinePoint[]): Series[] {
  const totals = new Map<string, number>()
  for (const { failures } of timeline) {
    for (const [why, rate] of Object.entries(failures)) totals.set(why, (totals.get(why) ?? 0) + rate)
  }
  const reasons = [...totals].toSorted(([, a], [, b]) => b - a).map(([why]) => why)
  const shown = reasons.slice(0, COLOURS.length)
  const rest = reasons.slice(COLOURS.length)
  // No failure in an interval is a zero, not a gap.
  const sumOf = (names: readonly string[]) =>
    timeline.map(({ failures }) => names.reduce((sum, why) => sum + (failures[why] ?? 0), 0))
  const dropped = timeline.map((point) => point.dropped)
  return [
    ...shown.map((name, index) => ({ name, colour: COLOURS[index] ?? 'grey', values: sumOf([name]) })),
    ...(rest.length > 0
      ? [{ name: `${rest.length} others`, colour: 'grey' as const, values: sumOf(rest) }]
      : []),
    ...(dropped.some((rate) => rate > 0)
      ? [{ name: 'dropped', colour: 'ink' as const, shape: 'dashed' as const, values: dropped }]
      : []),
  ]
}
