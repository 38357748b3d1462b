import { area, line } from 'd3-shape'
import { frame, round } from './chart-frame.ts'
import { html, type Markup } from './html.ts'
import { isKnown, type Maybe } from './known.ts'
import { spreadLabels } from './spread-labels.ts'
import type { ValueScale } from './value-scale.ts'

const LABEL_GAP = 16
const LONGEST_NAME = 14
const LONE_WIDTH = 6

export type Colour = 'blue' | 'sky' | 'vermillion' | 'green' | 'pink' | 'ochre' | 'grey' | 'ink'

export interface Series {
  name: string
  colour: Colour
  /** `broad` stands behind another line that may run on top of it. */
  shape?: 'area' | 'broad' | 'thin' | 'dashed'
  values: readonly Maybe[]
}

/** Lines that are broken where nothing is known, each with its name where it ends. */
export function drawSeries(all: readonly Series[], xs: readonly number[], scale: ValueScale): Markup {
  const drawn = all.filter(({ values }) => values.some(isKnown))
  const ends = drawn.map(({ values }) => scale.position(values.findLast(isKnown) ?? 0))
  const labels = spreadLabels(ends, LABEL_GAP, frame.bottom - 2)
  return html`${drawn.map((series) => pathOf(series, xs, scale))}${drawn.map((series, index) =>
    labelOf(series, round(labels[index] ?? 0)),
  )}`
}

const classOf = ({ colour, shape }: Series) => `${shape ?? 'line'} ${colour}`

interface Point {
  x: number
  value: Maybe
}

function pathOf(series: Series, xs: readonly number[], scale: ValueScale): Markup {
  const points = widenLone(series.values.map((value, index) => ({ x: xs[index] ?? 0, value })))
  const x = (point: Point) => point.x
  const y = ({ value }: Point) => scale.position(value ?? 0)
  const shape = series.shape === 'area' ? area<Point>().x(x).y0(frame.bottom).y1(y) : line<Point>().x(x).y(y)
  const path = shape.defined(({ value }) => isKnown(value)).digits(1)(points)
  return html`<path class="${classOf(series)}" d="${path}"><title>${series.name}</title></path>
`
}

/** A point between two gaps would be a line without a length, which nobody sees. */
function widenLone(points: readonly Point[]): Point[] {
  return points.flatMap((point, index) => {
    const hasNeighbour = [points[index - 1], points[index + 1]].some((other) => isKnown(other?.value))
    if (hasNeighbour || !isKnown(point.value)) return [point]
    return [-LONE_WIDTH / 2, LONE_WIDTH / 2].map((offset) => ({ x: point.x + offset, value: point.value }))
  })
}

function labelOf(series: Series, y: number): Markup {
  const { name } = series
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : name
  const x = frame.right + 12
  return html`<line class="${classOf(series)} key" x1="${x}" x2="${x + 16}" y1="${y}" y2="${y}"/>
<text class="name" x="${x + 22}" y="${y + 4}">${short}<title>${name}</title></text>
`
}
