import uPlot from 'uplot'
import type { HistoryPoint } from '../../../backbone/operations/system-state.ts'
import { el, setText } from './dom.ts'
import { timeOfMinute } from './format.ts'
import { type PlotPoint, WINDOW_SECONDS } from './plot-points.ts'
import { texts } from './texts.ts'

export interface PlotSeries {
  label: string
  /** Its colour and dashes: a class of the style sheet. */
  line: string
  value: (figures: HistoryPoint) => number | null
  dash?: number[]
}

interface PlotOptions {
  title: string
  series: PlotSeries[]
  write: (value: number | null | undefined) => string
  /** The axis reaches at least up to it, so that noise near 0 does not fill the plot. */
  least: number
  /** Equal steps are equal factors: for times. */
  isLogarithmic?: boolean
}

const HEIGHT_EM = 10
const AXIS_EM = 4.6
const sync = uPlot.sync('operations')

const colour = (of: Element) => getComputedStyle(of).color

/** A plot with its legend, which shows the values under the pointer, or the newest. */
export function createPlot({ title, series, write, least, isLogarithmic = false }: PlotOptions) {
  const box = el('div', { class: 'plot-box', role: 'img' })
  const entries = series.map(({ label, line, dash }) => {
    const swatch = el('span', { class: `swatch ${line}${dash ? ' dashed' : ''}`, 'aria-hidden': 'true' })
    const value = el('span', { class: 'number' }, write(null))
    return { swatch, value, item: el('li', {}, swatch, ` ${label} `, value) }
  })
  const legend = el('ul', { class: 'legend' }, ...entries.map(({ item }) => item))
  const element = el('figure', { class: 'plot' }, el('figcaption', {}, title), legend, box)
  const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  let columns: (number | null)[][] = series.map(() => [])

  const axis = {
    stroke: () => colour(legend),
    font: `${Math.round(em * 0.8)}px system-ui, sans-serif`,
    grid: { stroke: () => getComputedStyle(element).borderTopColor, width: 1 },
    ticks: { show: false },
  }
  const plot = new uPlot(
    {
      width: 300,
      height: Math.round(HEIGHT_EM * em),
      legend: { show: false },
      cursor: { sync: { key: sync.key }, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { range: (_, __, max) => [max - WINDOW_SECONDS, max] },
        y: isLogarithmic
          ? {
              distr: 3 as uPlot.Scale.Distr,
              range: (_, min, max) => uPlot.rangeLog(min ?? 1, Math.max(max ?? 0, least), 10, false),
            }
          : { range: (_, __, max) => [0, Math.max(max ?? 0, least) * 1.08] },
      },
      axes: [
        {
          ...axis,
          size: em * 1.6,
          gap: em * 0.3,
          space: em * 5,
          values: (_, splits) => splits.map((at) => timeOfMinute(at * 1_000)),
        },
        {
          ...axis,
          size: AXIS_EM * em,
          space: em * 2.2,
          values: (_, splits) => splits.map((split) => (split === null ? '' : write(split))),
        },
      ],
      series: [
        {},
        ...series.map(({ label, dash }, index) => ({
          label,
          stroke: () => colour(entries[index]?.swatch ?? legend),
          width: 1.75,
          points: { show: false },
          ...(dash ? { dash } : {}),
        })),
      ],
      hooks: { setCursor: [() => showLegend()] },
    },
    [[]],
    box,
  )
  sync.sub(plot)
  new ResizeObserver(() => {
    if (box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height: Math.round(HEIGHT_EM * em) })
  }).observe(box)

  function showLegend(): void {
    const { idx } = plot.cursor
    for (const [index, { value, item }] of entries.entries()) {
      const column = columns[index] ?? []
      setText(value, write(typeof idx === 'number' ? column[idx] : column.at(-1)))
      item.hidden = !column.some((known) => known !== null)
    }
  }

  function show(points: readonly PlotPoint[]): void {
    columns = series.map(({ value }) => points.map(({ figures }) => (figures ? value(figures) : null)))
    plot.setData([points.map(({ at }) => at / 1_000), ...columns])
    showLegend()
    box.setAttribute('aria-label', `${title}. ${summary()}`)
  }

  function summary(): string {
    return series
      .map(({ label }, index) => ({
        label,
        values: (columns[index] ?? []).filter((value) => value !== null),
      }))
      .filter(({ values }) => values.length > 0)
      .map(({ label, values }) =>
        texts.overview.plots.summary(
          label,
          write(values.at(-1)),
          write(values.reduce((a, b) => Math.max(a, b))),
        ),
      )
      .join('. ')
  }

  return { element, show }
}
