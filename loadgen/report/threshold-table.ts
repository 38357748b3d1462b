import type { RunResult, ThresholdResult } from '../run-result.ts'
import { MISSING } from './format-cells.ts'
import { formatMs } from './format-units.ts'
import { html, type Markup } from './html.ts'
import { isKnown } from './known.ts'
import { table } from './table.ts'

export function thresholdTable({ load, metrics }: RunResult): Markup | undefined {
  return table({
    title: 'Thresholds',
    columns: ['metric', 'threshold', 'verdict', 'actual', 'window ended at'],
    texts: ['threshold', 'verdict'],
    rows: load.thresholds.map((threshold) => [
      threshold.metric,
      html`<code>${threshold.expression}</code>`,
      threshold.ok ? html`<span class="good">✓ passed</span>` : html`<span class="bad">✗ broken</span>`,
      actualOf(threshold, 'avg' in (metrics[threshold.metric] ?? {})),
      isKnown(threshold.at) ? `${threshold.at.toFixed(0)} s` : MISSING,
    ]),
  })
}

function actualOf({ actual, expression }: ThresholdResult, isTrend: boolean): string {
  if (!isKnown(actual)) return 'no samples'
  // In the unit of the bound, so that both can be compared.
  return isTrend && !expression.trimStart().startsWith('count')
    ? formatMs(actual)
    : String(Number(actual.toPrecision(4)))
}
