import { scaleLinear } from 'd3-scale'
import { across, chartFrame, frame, round, type Tick } from './chart-frame.ts'
import type { ChartValues } from './chart-values.ts'
import { drawSeries, type Series } from './draw-series.ts'
import { html, type Markup } from './html.ts'
import { timeTicks } from './time-ticks.ts'
import { createValueScale, type Quantity } from './value-scale.ts'

// In units of the drawing: on a wide page, and on a narrow one.
const LEAST_BETWEEN_MARKS = { wide: 20, narrow: 60 }
/** More would overlap on a narrow page. */
const MOST_NARROW_TICKS = 6

/** An event at a time, in seconds since the start. */
export interface Mark {
  at: number
  text: string
  /** Name of a stage that begins then. */
  stage?: string
}

export interface TimeAxis {
  /** Times of the values, in seconds since the start. */
  at: readonly number[]
  end: number
  marks: readonly Mark[]
}

export interface TimeChart {
  title: string
  explanation: string
  quantity: Quantity
  series: readonly Series[]
}

export const timePosition = (end: number) => scaleLinear().domain([0, end]).range([0, frame.width])

export function timeChart({ at, end, marks }: TimeAxis, chart: TimeChart, values: ChartValues): Markup {
  const x = timePosition(end)
  const scale = createValueScale(
    chart.series.flatMap((series) => series.values),
    chart.quantity,
    frame.height,
    0,
  )
  const { ticks, text, unit } = timeTicks(end)
  const placed = marks.map((mark) => ({ x: round(x(mark.at)), text: mark.text }))
  const { paths, names, legend } = drawSeries(chart.series, at.map(x), scale)
  return chartFrame({
    ...chart,
    scale,
    legend,
    xTicks: ticks.map(
      (tick, index): Tick => ({
        x: x(tick),
        text: text(tick),
        isMinor: ticks.length > MOST_NARROW_TICKS && index % 2 === 1,
      }),
    ),
    xUnit: unit,
    drawing: [placed.map((mark) => markLine(mark.x)), paths],
    labels: [markLabels(placed), names],
    index: values.add('time', chart),
  })
}

const markLine = (x: number): Markup =>
  html`<line class="mark" x1="${x}" x2="${x}" y1="-8" y2="${frame.height}"/>
`

function markLabels(marks: readonly { x: number; text: string }[]): Markup[] {
  const free = { wide: Number.NEGATIVE_INFINITY, narrow: Number.NEGATIVE_INFINITY }
  return marks.flatMap(({ x, text }) => {
    if (x < free.wide) return []
    free.wide = x + LEAST_BETWEEN_MARKS.wide
    const isMinor = x < free.narrow
    if (!isMinor) free.narrow = x + LEAST_BETWEEN_MARKS.narrow
    return [
      html`<span class="mark${isMinor ? ' minor' : ''}" style="left:${across(x)}">${text}</span>
`,
    ]
  })
}
