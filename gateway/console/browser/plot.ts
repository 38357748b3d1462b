import uPlot from 'uplot'
import type { HistoryPoint } from '../../../backbone/operations/system-state.ts'
import { el } from '../../pages/browser/dom.ts'
import { timeOfMinute } from './format.ts'
import { createPlotLegend, type LegendEntry } from './plot-legend.ts'
import { type PlotPoint, WINDOW_SECONDS } from './plot-points.ts'
import type { PlotScale } from './plot-scale.ts'
import { texts } from './texts.ts'

interface PlotSeries extends LegendEntry {
  value: (figures: HistoryPoint) => number | null
}

interface PlotOptions {
  title: string
  series: PlotSeries[]
  write: (value: number | null | undefined) => string
  scale: PlotScale
}

const HEIGHT_EM = 10
const AXIS_EM = 4.6
const LINE_WIDTH = 1.75
const EDGE_SHARE = 0.02
const DASH = [6, 4]
/** Of the time axis, whose numbers have no seconds: shorter steps would repeat them. */
const STEPS_SECONDS = [60, 120, 300, 600]
/** The pointer is at the same time in all plots. */
const sync = uPlot.sync('operations')

/** A plot of the last 15 minutes, with its legend, and a text for who cannot see it. */
export function createPlot({ title, series, write, scale }: PlotOptions) {
  const legend = createPlotLegend(title, series, write)
  const box = el('div', { class: 'plot-box', role: 'img', 'aria-label': title })
  const element = el('figure', { class: 'plot' }, legend.caption, legend.element, box)
  const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const height = Math.round(HEIGHT_EM * em)
  let times: number[] = []
  let columns: (number | null)[][] = series.map(() => [])

  const axis: uPlot.Axis = {
    stroke: () => getComputedStyle(legend.element).color,
    font: `${Math.round(em * 0.8)}px system-ui, sans-serif`,
    grid: { stroke: () => getComputedStyle(element).borderTopColor, width: 1 },
    ticks: { show: false },
  }
  const timeAxis: uPlot.Axis = {
    ...axis,
    size: em * 1.6,
    gap: em * 0.3,
    space: em * 4,
    incrs: STEPS_SECONDS,
    // One at the left edge would cover the numbers of the other axis.
    values: ({ scales: { x } }, splits) =>
      splits.map((at) =>
        at - (x?.min ?? 0) < EDGE_SHARE * ((x?.max ?? 0) - (x?.min ?? 0)) ? '' : timeOfMinute(at * 1_000),
      ),
  }
  const valueAxis: uPlot.Axis = {
    ...axis,
    size: AXIS_EM * em,
    space: em * 2.2,
    values: (_, splits) => splits.map((position) => write(scale.fromAxis(position))),
    ...(scale.splits ? { splits: scale.splits } : {}),
  }
  const lines = series.map(
    ({ label, isDashed }, index): uPlot.Series => ({
      label,
      stroke: () => legend.colour(index),
      width: LINE_WIDTH,
      points: { show: false },
      ...(isDashed ? { dash: DASH } : {}),
    }),
  )
  const plot = new uPlot(
    {
      width: 300,
      height,
      legend: { show: false },
      cursor: { sync: { key: sync.key }, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { range: (_, __, last) => [last - WINDOW_SECONDS, last] },
        y: { range: (_, least, most) => scale.range(least, most) },
      },
      axes: [timeAxis, valueAxis],
      series: [{}, ...lines],
      hooks: { setCursor: [() => showLegend()] },
    },
    [[]],
    box,
  )
  sync.sub(plot)
  new ResizeObserver(() => {
    if (box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height })
  }).observe(box)

  function showLegend(): void {
    const { idx } = plot.cursor
    legend.show(columns, idx, typeof idx === 'number' ? times[idx] : undefined)
  }

  function show(points: readonly PlotPoint[]): void {
    times = points.map(({ at }) => at)
    columns = series.map(({ value }) => points.map(({ figures }) => (figures ? value(figures) : null)))
    const positions = columns.map((column) =>
      column.map((value) => (value === null ? null : scale.toAxis(value))),
    )
    plot.setData([times.map((at) => at / 1_000), ...positions])
    showLegend()
    box.setAttribute('aria-label', `${title}. ${summary()}`)
  }

  function summary(): string {
    return series
      .map(({ label }, index) => {
        const known = (columns[index] ?? []).filter((value) => value !== null)
        if (known.length === 0) return ''
        const highest = known.reduce((a, b) => Math.max(a, b))
        return texts.overview.plots.summary(label, write(columns[index]?.at(-1)), write(highest))
      })
      .filter(Boolean)
      .join('. ')
  }

  return { element, show }
}
