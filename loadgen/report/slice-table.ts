import type { Slice } from '../run-result.ts'
import { formatShare, MISSING } from './format-cells.ts'
import { formatCount, formatMs, formatRate } from './format-units.ts'
import type { Markup } from './html.ts'
import { table } from './table.ts'

const TIMES = ['avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'] as const
const COLUMNS = ['', 'requests', 'rate', 'failed', ...TIMES, 'notified p(99)', 'dropped']

/** Dropped checkouts have no lane: their shopper was never generated. */
export function laneTable(lanes: readonly Slice[]): Markup | undefined {
  return table({
    title: 'Lanes',
    columns: COLUMNS.slice(0, -1),
    rows: lanes.map((lane) => cellsOf(lane).slice(0, -1)),
  })
}

/** Figures of stages or scenarios. */
export function sliceTable(title: string, slices: readonly Slice[]): Markup | undefined {
  return table({ title, columns: COLUMNS, rows: slices.map(cellsOf) })
}

function cellsOf({ name, metrics }: Slice): string[] {
  const { http_reqs, http_req_failed, http_req_duration, notification_delay, dropped_iterations } = metrics
  return [
    name,
    formatCount(http_reqs.count),
    formatRate(http_reqs.rate),
    http_reqs.count > 0 ? formatShare(http_req_failed.value) : MISSING,
    ...TIMES.map((time) => (http_req_duration.count > 0 ? formatMs(http_req_duration[time]) : MISSING)),
    notification_delay.count > 0 ? formatMs(notification_delay['p(99)']) : MISSING,
    formatCount(dropped_iterations.count),
  ]
}
