import { scaleLinear } from 'd3-scale'
import { chartFrame, frame, round } from './chart-frame.ts'
import { drawSeries, type Series } from './draw-series.ts'
import { html, type Markup } from './html.ts'
import { timeTicks } from './time-ticks.ts'
import { createValueScale, type Quantity } from './value-scale.ts'

const LEAST_BETWEEN_MARKS = 16

/** Something that happened at a moment, seconds since the start. */
export interface Mark {
  at: number
  text: string
}

export interface TimeAxis {
  /** Where the values are drawn, seconds since the start. */
  at: readonly number[]
  end: number
  marks: readonly Mark[]
}

interface TimeChart {
  title: string
  explanation: string
  quantity: Quantity
  series: readonly Series[]
}

export function timeChart({ at, end, marks }: TimeAxis, chart: TimeChart): Markup {
  const { left, right, top, bottom } = frame
  const x = scaleLinear().domain([0, end]).range([left, right])
  const values = chart.series.flatMap((series) => series.values)
  const scale = createValueScale(values, chart.quantity, bottom, top)
  const { ticks, text, unit } = timeTicks(end)
  const placed = marks.map((mark) => ({ x: round(x(mark.at)), text: mark.text }))
  return chartFrame({
    ...chart,
    scale,
    xTicks: ticks.map((tick) => ({ x: x(tick), text: text(tick) })),
    xUnit: unit,
    content: [drawMarks(placed), drawSeries(chart.series, at.map(x), scale)],
  })
}

function drawMarks(marks: readonly { x: number; text: string }[]): Markup[] {
  let free = Number.NEGATIVE_INFINITY
  return marks.map(({ x, text }) => {
    const hasRoom = x >= free
    if (hasRoom) free = x + LEAST_BETWEEN_MARKS
    return html`<line class="mark" x1="${x}" x2="${x}" y1="${frame.top - 8}" y2="${frame.bottom}"/>
${hasRoom ? html`<text class="mark" x="${x + 3}" y="${frame.top - 1}">${text}</text>` : undefined}
`
  })
}
