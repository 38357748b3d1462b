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
  /** `broad` is drawn behind another line that may cover it. */
  shape?: 'area' | 'broad' | 'thin' | 'dashed'
  values: readonly Maybe[]
}

interface Drawn {
  paths: Markup[]
  /** The name of each line at its end. */
  names: Markup[]
  /** The names in a row, if there is no room at the ends. */
  legend: Markup[]
}

/** Lines with gaps where values are unknown. */
export function drawSeries(all: readonly Series[], xs: readonly number[], scale: ValueScale): Drawn {
  const drawn = all.filter(isDrawn)
  const ends = drawn.map(({ values }) => scale.position(values.findLast(isKnown) ?? 0))
  const tops = spreadLabels(ends, LABEL_GAP, frame.height - 2)
  return {
    paths: drawn.map((series) => pathOf(series, xs, scale)),
    names: drawn.map((series, index) => nameOf(series, round(tops[index] ?? 0))),
    legend: drawn.map((series) => html`<li>${keyOf(series)}${series.name}</li>`),
  }
}

export const isDrawn = ({ values }: Series): boolean => values.some(isKnown)

export const classOf = ({ colour, shape }: Pick<Series, 'colour' | 'shape'>): string =>
  `${shape ?? 'line'} ${colour}`

interface Point {
  x: number
  value: Maybe
}

function pathOf(series: Series, xs: readonly number[], scale: ValueScale): Markup {
  const points = widenLone(series.values.map((value, index) => ({ x: xs[index] ?? 0, value })))
  const x = (point: Point) => point.x
  const y = ({ value }: Point) => scale.position(value ?? 0)
  const shape = series.shape === 'area' ? area<Point>().x(x).y0(frame.height).y1(y) : line<Point>().x(x).y(y)
  const path = shape.defined(({ value }) => isKnown(value)).digits(1)(points)
  return html`<path class="${classOf(series)}" data-name="${series.name}" d="${path}"/>
`
}

/** A point between two gaps would be an invisible line without length. */
function widenLone(points: readonly Point[]): Point[] {
  return points.flatMap((point, index) => {
    const hasNeighbour = [points[index - 1], points[index + 1]].some((other) => isKnown(other?.value))
    if (hasNeighbour || !isKnown(point.value)) return [point]
    return [-LONE_WIDTH / 2, LONE_WIDTH / 2].map((offset) => ({ x: point.x + offset, value: point.value }))
  })
}

const keyOf = (series: Series): Markup => html`<i class="key ${classOf(series)}"></i>`

function nameOf(series: Series, top: number): Markup {
  const { name } = series
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : name
  return html`<span class="name" style="top:${top}px">${keyOf(series)}${short}</span>
`
}
