import { scaleLinear, scalePoint } from 'd3-scale'
import { formatNumber } from '../compare/format-result.ts'
import { spreadOf } from '../spread.ts'
import type { Scale } from './scales.ts'

/** Figures for each value of a scale, in each round. */
export interface ScaleResult extends Pick<Scale, 'name' | 'of' | 'title' | 'figure'> {
  points: { value: number; measured: number[] }[]
}

const PANEL = { width: 360, height: 220, left: 52, right: 18, top: 48, bottom: 32 }
const COLUMNS = 2

/** A panel for each scale: a dot for each round, a line through the medians. A self-contained SVG. */
export function plotScales(results: readonly ScaleResult[]): string {
  const rows = Math.ceil(results.length / COLUMNS)
  const [width, height] = [PANEL.width * COLUMNS, PANEL.height * rows]
  const panels = results.map((result, index) => {
    const [x, y] = [(index % COLUMNS) * PANEL.width, Math.floor(index / COLUMNS) * PANEL.height]
    return `<g transform="translate(${x} ${y})">${panel(result)}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="#1c2a35">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
</svg>
`
}

function panel({ of, title, points }: ScaleResult): string {
  const bottom = PANEL.height - PANEL.bottom
  const x = scalePoint(
    points.map(({ value }) => value),
    [PANEL.left + 12, PANEL.width - PANEL.right],
  )
  const most = Math.max(...points.flatMap(({ measured }) => measured))
  const y = scaleLinear([0, most], [bottom, PANEL.top]).nice()
  const grid = y.ticks(4).map(
    (tick) =>
      `<line x1="${PANEL.left}" x2="${PANEL.width - PANEL.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#d5dde3"/>
<text x="${PANEL.left - 6}" y="${y(tick) + 4}" text-anchor="end">${formatNumber(tick)}</text>`,
  )
  const marks = points.flatMap(({ value, measured }) => [
    `<text x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${formatNumber(value)}</text>`,
    ...measured.map(
      (one) => `<circle cx="${x(value)}" cy="${y(one)}" r="3" fill="#0b6e4f" fill-opacity="0.5"/>`,
    ),
  ])
  const medians = points.map(({ value, measured }) => `${x(value)},${y(spreadOf(measured).median)}`)
  return `<text x="${PANEL.left}" y="18" font-weight="600">${title}</text>
<text x="${PANEL.left}" y="34">by ${of}</text>
${grid.join('\n')}
<polyline points="${medians.join(' ')}" fill="none" stroke="#0b6e4f" stroke-width="1.5"/>
${marks.join('\n')}`
}
