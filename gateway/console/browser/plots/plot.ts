import uPlot from 'uplot'
import type { HistoryPoint } from '../../../../backbone/operations/system-state.ts'
import { el } from '../../../pages/browser/dom.ts'
import { texts } from '../texts.ts'
import { plotAxes } from './plot-axes.ts'
import { createPlotLegend, type LegendEntry } from './plot-legend.ts'
import type { PlotPoint } from './plot-points.ts'
import type { PlotScale } from './plot-scale.ts'

interface PlotSeries<Figures> extends LegendEntry {
  value: (figures: Figures) => number | null
}

interface PlotOptions<Figures> {
  title: string
  series: PlotSeries<Figures>[]
  write: (value: number | null | undefined) => string
  scale: PlotScale
  /** In seconds; negative: the last ones. */
  window: number
  /** Indices of the upper and the lower line of a filled area. */
  band?: [number, number]
}

const HEIGHT_EM = 10
const LINE_WIDTH = 1.75
const DASH = [6, 4]
const BAND_OPACITY = '25%'
/** The pointer is at the same time in all plots. */
const sync = uPlot.sync('operations')

/** A plot of a window of time, with its legend, and a text for who cannot see it. */
export function createPlot<Figures = HistoryPoint>(options: PlotOptions<Figures>) {
  const { title, series, write, scale, window, band } = options
  const present = window < 0 ? -1 : 0
  const legend = createPlotLegend({ title, series, write, present })
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
        x: { range: (_, first, last) => (window < 0 ? [last + window, last] : [first, first + window]) },
        y: { range: (_, least, most) => scale.range(least, most) },
      },
      axes: plotAxes({ em, text: legend.element, frame: element, write, scale }),
      series: [{}, ...linesOf(series, legend.colour)],
      ...(band ? { bands: [bandOf(band, legend.colour)] } : {}),
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

  function show(points: readonly PlotPoint<Figures>[]): void {
    times = points.map(({ at }) => at)
    columns = series.map(({ value }) => points.map(({ figures }) => (figures ? value(figures) : null)))
    const positions = columns.map((column) =>
      column.map((value) => (value === null ? null : scale.toAxis(value))),
    )
    plot.setData([times.map((at) => at / 1_000), ...positions])
    showLegend()
    box.setAttribute('aria-label', `${title}. ${summaryOf(series, columns, write, present)}`)
  }

  return { element, show }
}

const linesOf = (series: readonly LegendEntry[], colour: (index: number) => string): uPlot.Series[] =>
  series.map(({ label, isDashed }, index) => ({
    label,
    stroke: () => colour(index),
    width: LINE_WIDTH,
    points: { show: false },
    ...(isDashed ? { dash: DASH } : {}),
  }))

/** The first series of uPlot is the time. */
const bandOf = ([upper, lower]: [number, number], colour: (index: number) => string): uPlot.Band => ({
  series: [upper + 1, lower + 1],
  fill: () => `color-mix(in srgb, ${colour(upper)} ${BAND_OPACITY}, transparent)`,
})

/** The present and the highest value of each line. */
const summaryOf = (
  series: readonly LegendEntry[],
  columns: readonly (number | null)[][],
  write: (value: number | null | undefined) => string,
  present: number,
): string =>
  series
    .map(({ label }, index) => {
      const known = (columns[index] ?? []).filter((value) => value !== null)
      if (known.length === 0) return ''
      const highest = known.reduce((a, b) => Math.max(a, b))
      return texts.overview.plots.summary(label, write(columns[index]?.at(present)), write(highest))
    })
    .filter(Boolean)
    .join('. ')
