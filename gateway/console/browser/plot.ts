import uPlot from 'uplot'
import type { HistoryPoint } from '../../../backbone/operations/system-state.ts'
import { el } from '../../pages/browser/dom.ts'
import { plotAxes } from './plot-axes.ts'
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
const LINE_WIDTH = 1.75
const DASH = [6, 4]
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
      axes: plotAxes({ em, text: legend.element, frame: element, write, scale }),
      series: [{}, ...linesOf(series, legend.colour)],
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
    box.setAttribute('aria-label', `${title}. ${summaryOf(series, columns, write)}`)
  }

  return { element, show }
}

const linesOf = (series: readonly PlotSeries[], colour: (index: number) => string): uPlot.Series[] =>
  series.map(({ label, isDashed }, index) => ({
    label,
    stroke: () => colour(index),
    width: LINE_WIDTH,
    points: { show: false },
    ...(isDashed ? { dash: DASH } : {}),
  }))

/** The newest and the highest value of each line. */
const summaryOf = (
  series: readonly PlotSeries[],
  columns: readonly (number | null)[][],
  write: PlotOptions['write'],
): string =>
  series
    .map(({ label }, index) => {
      const known = (columns[index] ?? []).filter((value) => value !== null)
      if (known.length === 0) return ''
      const highest = known.reduce((a, b) => Math.max(a, b))
      return texts.overview.plots.summary(label, write(columns[index]?.at(-1)), write(highest))
    })
    .filter(Boolean)
    .join('. ')
