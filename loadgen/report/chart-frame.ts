import { type Content, html, type Markup } from './html.ts'
import type { Quantity, ValueScale } from './value-scale.ts'

/** Units of the drawing: vertically pixels; horizontally the drawing is stretched to the available width. */
export const frame = { width: 1_000, height: 164 }

export interface Tick {
  x: number
  text: string
  /** Hidden on narrow pages. */
  isMinor: boolean
}

interface Frame {
  title: string
  explanation: string
  quantity: Quantity
  scale: ValueScale
  xTicks: readonly Tick[]
  xUnit: string
  /** Inside the drawing: lines and areas. */
  drawing: Content
  /** Over the drawing, which would stretch texts. */
  labels: Content
  legend: Content
  /** Its index among the charts whose values the script of the page knows. */
  index: number
}

// Times have their unit at each tick.
const UNITS: Record<Quantity, string> = {
  milliseconds: '',
  'per second': 'per second',
  number: '',
}

/** Caption, legend, axes and grid around a drawing. */
export function chartFrame(chart: Frame): Markup {
  const { title, explanation, quantity, scale, xTicks, xUnit, drawing, labels, legend, index } = chart
  const unit = scale.isLog ? 'log scale' : UNITS[quantity]
  const { width, height } = frame
  return html`<figure>
<figcaption><b>${title}</b> ${explanation}${unit === '' ? '' : ` (${unit})`}</figcaption>
<ul class="legend">${legend}</ul>
<div class="chart"><div class="plot" data-chart="${index}">
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${title}">
${scale.ticks.map((tick) => gridLine(round(scale.position(tick))))}
${xTicks.map(({ x, isMinor }) => tickLine(round(x), isMinor))}
<line class="axis" x1="0" x2="${width}" y1="${height}" y2="${height}"/>
${drawing}
</svg>
${scale.ticks.map((tick) => html`<span class="y" style="top:${round(scale.position(tick))}px">${scale.tickText(tick)}</span>`)}
${xTicks.map(({ x, text, isMinor }) => html`<span class="x${isMinor ? ' minor' : ''}" style="left:${across(x)}">${text}</span>`)}
<span class="x-unit">${xUnit}</span>
${labels}
</div></div>
</figure>
`
}

const gridLine = (y: number): Markup =>
  html`<line class="grid" x1="0" x2="${frame.width}" y1="${y}" y2="${y}"/>`

const tickLine = (x: number, isMinor: boolean): Markup =>
  html`<line class="axis${isMinor ? ' minor' : ''}" x1="${x}" x2="${x}" y1="${frame.height}" y2="${frame.height + 4}"/>`

export const round = (position: number): number => Math.round(position * 10) / 10

/** A horizontal position in the drawing, for elements over it. */
export const across = (x: number): string => `${round((x / frame.width) * 1_000) / 10}%`
