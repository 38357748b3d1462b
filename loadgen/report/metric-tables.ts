import type { MetricValues, RunResult, TrendValues } from '../run-result.ts'
import { formatShare, MISSING } from './format-cells.ts'
import { formatCount, formatMs, formatRate, thousandsIn } from './format-units.ts'
import type { Markup } from './html.ts'
import { table } from './table.ts'

const TIMES = ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'] as const

type OtherValues = Exclude<MetricValues, TrendValues>

const isTrend = (values: MetricValues): values is TrendValues => 'avg' in values

/** All metrics, in two tables: times have other columns than numbers. */
export function metricTables(metrics: RunResult['metrics']): (Markup | undefined)[] {
  const all = Object.entries(metrics)
  return [
    table({
      title: 'All times',
      columns: ['metric', 'count', ...TIMES],
      rows: all.flatMap(([name, values]) => (isTrend(values) ? [[name, ...trendCells(values)]] : [])),
    }),
    table({
      title: 'All numbers',
      columns: ['metric', 'value', 'rate', 'detail'],
      rows: all.flatMap(([name, values]) =>
        isTrend(values) ? [] : [[name, ...numberCells(values, name.startsWith('data_'))]],
      ),
    }),
  ]
}

const trendCells = (values: TrendValues): string[] => [
  formatCount(values.count),
  ...TIMES.map((time) => (values.count > 0 ? formatMs(values[time]) : MISSING)),
]

function numberCells(values: OtherValues, isBytes: boolean): string[] {
  if ('passes' in values) {
    const { value, passes, fails } = values
    return [formatShare(value), MISSING, `${formatCount(passes)} of ${formatCount(passes + fails)}`]
  }
  if ('rate' in values) {
    const { count, rate } = values
    return isBytes
      ? [formatBytes(count), `${formatBytes(rate)}/s`, MISSING]
      : [formatCount(count), formatRate(rate), MISSING]
  }
  return [formatCount(values.value), MISSING, `${formatCount(values.min)} to ${formatCount(values.max)}`]
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

function formatBytes(count: number): string {
  const thousands = thousandsIn(count, UNITS.length - 1)
  const unit = UNITS[thousands] ?? 'byte'
  const format = new Intl.NumberFormat('en-US', { style: 'unit', unit, maximumSignificantDigits: 3 })
  return format.format(count / 1000 ** thousands)
}
