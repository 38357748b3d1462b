import type {
  CounterValues,
  GaugeValues,
  MetricValues,
  Outcomes,
  RateValues,
  RunResult,
  Slice,
  TrendValues,
} from '../run-result.ts'
import { formatMs, formatRate, thousandsIn } from './format-units.ts'

const NAME_WIDTH = 31
const PERCENTILES = ['p(90)', 'p(95)', 'p(99)'] as const

/**
 * The end of a run in k6's layout: thresholds and all metrics, then what k6 does not have: stages, lanes and
 * outcomes.
 */
export function formatSummary(result: RunResult): string {
  const { load } = result
  return [
    ...headingOf(result),
    ...section('THRESHOLDS', thresholdLines(result)),
    ...section('TOTAL RESULTS', totalLines(result)),
    ...section('FAILURES', failureLines(load.failures)),
    ...section('LANES', sliceTable(load.lanes, false)),
    ...section('SCENARIOS', load.scenarios.length > 1 ? sliceTable(load.scenarios, true) : []),
    ...section('STAGES', load.stages.length > 1 ? sliceTable(load.stages, true) : []),
    ...section('BREAKPOINT', breakpointLines(load)),
  ].join('\n')
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0
    ? []
    : ['', `  █ ${title}`, '', ...lines.map((line) => (line === '' ? '' : `    ${line}`))]

function headingOf({ load, metrics }: RunResult): string[] {
  const { name, target, seed, seconds, tags, endedEarly, rateChanges, replayLines } = load
  const { iterations } = metrics
  const notes = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`)
  const factor = rateChanges.at(-1)?.factor
  return [
    `  ${name} → ${target}, ${seconds.toFixed(1)} s, seed ${seed}`,
    ...(notes.length > 0 ? [`  ${notes.join(' ')}`] : []),
    ...(replayLines !== undefined && iterations && 'count' in iterations
      ? [`  sent ${iterations.count} of the ${replayLines} lines in the file`]
      : []),
    ...(endedEarly === undefined ? [] : [`  ended early: ${endedEarly}`]),
    ...(factor === undefined
      ? []
      : [`  rate changed manually ${rateChanges.length} times, x${factor} at the end`]),
  ]
}

function thresholdLines({ load, metrics }: RunResult): string[] {
  const byMetric = Map.groupBy(load.thresholds, ({ metric }) => metric)
  return [...byMetric].flatMap(([metric, thresholds], index) => {
    const verdicts = thresholds.map(({ ok, expression, actual, at }) => {
      const isTrend = 'avg' in (metrics[metric] ?? {}) && !expression.startsWith('count')
      const [aggregation] = expression.split(/[<>=!]/)
      const value = actual === undefined ? 'no samples' : `${aggregation?.trim()}=${show(actual, isTrend)}`
      const when = at === undefined || ok ? '' : ` in the window that ended at ${at.toFixed(0)} s`
      return `${ok ? '✓' : '✗'} '${expression}' ${value}${when}`
    })
    return (index > 0 ? [''] : []).concat(metric, verdicts)
  })
}

const show = (value: number, isTime: boolean) =>
  isTime ? formatMs(value) : String(Number(value.toPrecision(4)))

const groups = {
  HTTP: ['http_req_duration', 'http_req_service_time', 'http_req_failed', 'http_reqs'],
  EXECUTION: [
    'iteration_duration',
    'iterations',
    'dropped_iterations',
    'retries',
    'resent',
    'send_delay',
    'in_flight',
  ],
  NETWORK: ['data_received', 'data_sent'],
}

function totalLines({ metrics, load }: RunResult): string[] {
  const outcomes = load.outcomes ? [...outcomeLines(load.outcomes), ...delayLines(metrics)] : []
  const lines = Object.entries(groups).flatMap(([title, names]) =>
    ['', title].concat(names.flatMap((name) => metricRow(metrics, name))),
  )
  const unanswered = load.unanswered > 0 ? [row('not answered yet', String(load.unanswered))] : []
  return ['CHECKOUTS', ...metricRow(metrics, 'accepted'), ...outcomes, ...lines, ...unanswered]
}

const row = (name: string, text: string) => `${name.padEnd(NAME_WIDTH, '.')}: ${text}`

const metricRow = (metrics: RunResult['metrics'], name: string): string[] => {
  const values = metrics[name]
  return values ? [row(name, valuesLine(name, values))] : []
}

const delayLines = (metrics: RunResult['metrics']) =>
  ['notification_delay', 'notification_delay_from_post'].flatMap((name) => metricRow(metrics, name))

function valuesLine(name: string, values: MetricValues): string {
  if ('avg' in values) return trendLine(values)
  if ('passes' in values) return rateLine(values)
  if ('rate' in values) return counterLine(values, name.startsWith('data_'))
  return gaugeLine(values)
}

function trendLine(values: TrendValues): string {
  if (values.count === 0) return 'no samples'
  const { avg, min, med, max } = values
  const percentiles = Object.fromEntries(PERCENTILES.map((name) => [name, values[name]]))
  return Object.entries({ avg, min, med, max, ...percentiles })
    .map(([name, ms]) => `${name}=${formatMs(ms).replace(' ', '')}`.padEnd(name.length + 8))
    .join(' ')
    .trimEnd()
}

const rateLine = ({ value, passes, fails }: RateValues) =>
  `${(value * 100).toFixed(2)}%  ${passes} out of ${passes + fails}`

const counterLine = ({ count, rate }: CounterValues, isBytes: boolean) =>
  isBytes ? `${formatBytes(count)}  ${formatBytes(rate)}/s` : `${count}  ${formatRate(rate)}`

const gaugeLine = ({ value, min, max }: GaugeValues) => `${value}  min=${min} max=${max}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

function formatBytes(bytes: number): string {
  const unit = thousandsIn(bytes, UNITS.length - 1)
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${UNITS[unit]}`
}

function outcomeLines(outcomes: Outcomes): string[] {
  const { accepted, single, lost, unknown, duplicated, wrongKind, wrongText, lookedUp, examples, stream } =
    outcomes
  const fault = (name: string, count: number, ids: readonly string[]) =>
    row(name, [count, ...(ids.length > 0 ? [` such as ${ids.join(' ')}`] : [])].join(' '))
  const rare = (name: string, count: number) => (count > 0 ? [row(name, String(count))] : [])
  return [
    row('exactly one outcome', `${single} of ${accepted}`),
    fault('lost', lost, examples.lost),
    ...rare('unknown', unknown),
    fault('duplicated', duplicated, examples.duplicated),
    fault('wrong kind', wrongKind, examples.wrongKind),
    fault('wrong text', wrongText, examples.wrongText),
    ...rare('not on the stream', lookedUp),
    ...rare('unreadable', stream.unreadable),
    ...rare('gaps in the stream', stream.gaps),
    ...rare('stream reconnects', stream.reconnects),
  ]
}

const failureLines = (failures: Record<string, number>) =>
  Object.entries(failures)
    .toSorted(([, a], [, b]) => b - a)
    .map(([why, count]) => row(why, String(count)))

const COLUMNS = ['requests', 'rate', 'failed', 'dropped', 'med', 'p(95)', 'p(99)', 'max', 'notified p(99)']

/** Dropped checkouts have no lane: their shopper was never generated. */
function sliceTable(slices: readonly Slice[], withDropped: boolean): string[] {
  const width = Math.max(8, ...slices.map(({ name }) => name.length)) + 2
  const cells = (name: string, values: readonly string[]) =>
    `${name.padEnd(width)}${values.map((value, i) => value.padStart(Math.max(9, (COLUMNS[i] ?? '').length + 2))).join('')}`
  return [
    cells(
      '',
      COLUMNS.map((column) => (column === 'dropped' && !withDropped ? '' : column)),
    ),
    ...slices.map(({ name, metrics }) => {
      const { http_reqs, http_req_failed, dropped_iterations, http_req_duration, notification_delay } =
        metrics
      const time = (ms: number) => (http_req_duration.count > 0 ? formatMs(ms) : '')
      return cells(name, [
        String(http_reqs.count),
        formatRate(http_reqs.rate),
        `${(http_req_failed.value * 100).toFixed(2)}%`,
        withDropped ? String(dropped_iterations.count) : '',
        time(http_req_duration.med),
        time(http_req_duration['p(95)']),
        time(http_req_duration['p(99)']),
        time(http_req_duration.max),
        notification_delay.count > 0 ? formatMs(notification_delay['p(99)']) : '',
      ]).trimEnd()
    }),
  ]
}

function breakpointLines({ breakpoint }: RunResult['load']): string[] {
  if (!breakpoint) return []
  const { held, broken } = breakpoint
  return [
    `highest rate that passed: ${held === undefined ? 'none' : formatRate(held)}`,
    broken
      ? `broken at ${formatRate(broken.rate)}: ${broken.thresholds.join('; ')}`
      : 'no threshold broke: raise the rates',
  ]
}
