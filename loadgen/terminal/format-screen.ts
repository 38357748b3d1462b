import type { Progress } from '../progress.ts'
import { formatCount, formatDuration, formatMs, formatRate } from '../report/format-units.ts'
import type { Quantiles } from '../run-result.ts'
import { failuresLine } from './failures-line.ts'
import { sparkline } from './sparkline.ts'
import { type Part, type Style, styledLine, widthOf } from './styled-line.ts'
import { labelled, tabbedRow, tabStops } from './tabbed-row.ts'

const SHOWN_THRESHOLDS = 3
const NONE: Part = { text: '–', style: 'dim' }

/**
 * The state of a run, in lines of at most `columns` characters. Coloured; the caller may strip the colours.
 */
export function formatScreen(progress: Progress, columns: number): string {
  const row = (label: string, cells: Part[][]) => tabbedRow(label, cells, columns)
  const lines: Part[][] = [
    [
      { text: progress.name, style: 'bold' },
      { text: `   ${progress.target}`, style: 'dim' },
    ],
    timeLine(progress, columns),
    [],
    ...row('rate', rateCells(progress)),
    ...row('requests', requestCells(progress)),
    ...row('checkouts', checkoutCells(progress)),
    ...row('latency', quantileCells(progress.duration, ['p50', 'p90', 'p99', 'max'])),
    recentLine(progress.recentP99, columns),
    failuresLine(progress.failures, columns),
    ...(progress.outstanding === undefined
      ? []
      : [
          ...row('notified', quantileCells(progress.delay, ['p50', 'p99'])),
          ...row('outcomes', outcomeCells(progress.outstanding, progress.duplicated)),
        ]),
    ...thresholdLines(progress.broken),
    [],
    keyLine(progress),
  ]
  return lines.map((line) => styledLine(line, columns)).join('\n')
}

function timeLine({ phase, elapsedMs, plannedMs }: Progress, columns: number): Part[] {
  const { start, end } = tabStops(columns)
  const head: Part = { text: `${phase} `.padEnd(start), style: 'cyan' }
  const elapsed = formatDuration(elapsedMs)
  if (plannedMs === Number.POSITIVE_INFINITY) {
    return [head, { text: elapsed }, { text: ', no end', style: 'dim' }]
  }
  const times: Part[] = [{ text: `  ${elapsed}` }, { text: ` of ${formatDuration(plannedMs)}`, style: 'dim' }]
  const width = Math.max(end - widthOf([head, ...times]), 0)
  const done = plannedMs > 0 ? Math.floor(width * Math.min(elapsedMs / plannedMs, 1)) : width
  return [
    head,
    { text: '━'.repeat(done), style: 'cyan' },
    { text: '─'.repeat(width - done), style: 'dim' },
    ...times,
  ]
}

const cell = (name: string, value: string, style?: Style): Part[] => [
  { text: `${name} `, style: 'dim' },
  { text: value, style },
]

function rateCells({ askedRate, rateFactor, sentRate }: Progress): Part[][] {
  const factor = rateFactor === 1 ? '' : ` ×${Number(rateFactor.toFixed(2))}`
  return [
    ...(askedRate === undefined
      ? []
      : [[...cell('planned', formatRate(askedRate)), { text: factor, style: 'yellow' } as const]]),
    cell('sent', formatRate(sentRate)),
  ]
}

function requestCells({ sent, inFlight, retries }: Progress): Part[][] {
  return [
    cell('sent', formatCount(sent)),
    cell('in flight', formatCount(inFlight)),
    cell('retries', formatCount(retries)),
  ]
}

function checkoutCells({ accepted, dropped }: Progress): Part[][] {
  return [
    cell('accepted', formatCount(accepted)),
    cell('dropped', formatCount(dropped), dropped > 0 ? 'yellow' : undefined),
  ]
}

function quantileCells(quantiles: Quantiles | undefined, names: (keyof Quantiles)[]): Part[][] {
  return quantiles ? names.map((name) => cell(name, formatMs(quantiles[name]))) : [[NONE]]
}

function recentLine(recentP99: Progress['recentP99'], columns: number): Part[] {
  const { start, stop } = tabStops(columns)
  const shown = recentP99.slice(-Math.max(columns - start - stop, 1))
  const measured = shown.filter((p99) => p99 !== undefined)
  if (measured.length === 0) return labelled('recent p99', [NONE])
  const max = Math.max(...measured)
  const scale = cell('max', formatMs(max))
  const gap = { text: ' '.repeat(Math.max(stop - widthOf(scale), 1)) }
  return labelled('recent p99', [...scale, gap, { text: sparkline(shown, max), style: 'cyan' }])
}

function outcomeCells(outstanding: number, duplicated: number): Part[][] {
  return [
    cell('outstanding', formatCount(outstanding)),
    cell('duplicated', formatCount(duplicated), duplicated > 0 ? 'red' : undefined),
  ]
}

function thresholdLines(broken: string[]): Part[][] {
  if (broken.length === 0) return [labelled('thresholds', [{ text: 'none broken', style: 'dim' }])]
  const shown = broken.slice(0, SHOWN_THRESHOLDS).map((threshold) => `✗ ${threshold}`)
  const more = broken.length - shown.length
  const lines = more > 0 ? [...shown, `  and ${formatCount(more)} more`] : shown
  return lines.map((text, index) => labelled(index === 0 ? 'thresholds' : '', [{ text, style: 'red' }]))
}

/** Only keys that have an effect now. */
function keyLine({ canChangeRate }: Progress): Part[] {
  return [
    ...(canChangeRate
      ? [...key('+', 'faster   '), ...key('-', 'slower   '), ...key('0', 'as planned   ')]
      : []),
    ...key('q', 'stop'),
  ]
}

const key = (name: string, effect: string): Part[] => [
  { text: name, style: 'bold' },
  { text: ` ${effect}`, style: 'dim' },
]
