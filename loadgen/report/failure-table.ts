import type { RunResult } from '../run-result.ts'
import { formatShare, MISSING } from './format-cells.ts'
import { formatCount } from './format-units.ts'
import type { Markup } from './html.ts'
import { table } from './table.ts'

export function failureTable({ load, metrics }: RunResult): Markup | undefined {
  const requests = metrics['http_reqs']
  const total = requests && 'count' in requests ? requests.count : 0
  return table({
    title: 'Failures',
    columns: ['status or reason', 'requests', 'of all requests'],
    rows: Object.entries(load.failures)
      .toSorted(([, a], [, b]) => b - a)
      .map(([why, count]) => [why, formatCount(count), total > 0 ? formatShare(count / total) : MISSING]),
  })
}
