import { type Content, html, type Markup } from './html.ts'
import type { Quantity, ValueScale } from './value-scale.ts'

/** In the units of the drawing; it is scaled to the width of the page. */
export const frame = { width: 960, height: 218, left: 58, right: 840, top: 24, bottom: 188 }

export interface Tick {
  x: number
  text: string
}

interface Frame {
  title: string
  explanation: string
  quantity: Quantity
  scale: ValueScale
  xTicks: readonly Tick[]
  xUnit: string
  content: Content
}

// Times have their unit at each tick.
const UNITS: Record<Quantity, string> = {
  milliseconds: '',
  'per second': 'per second',
  number: 'number',
}

/** Caption, axes and grid around what is drawn. */
export function chartFrame({ title, explanation, quantity, scale, xTicks, xUnit, content }: Frame): Markup {
  const { width, height, left, right, top, bottom } = frame
  return html`<figure>
<figcaption><b>${title}</b> ${explanation}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<text x="0" y="${top - 14}">${scale.isLog ? 'log scale' : UNITS[quantity]}</text>
${scale.ticks.map((tick) => yTick(scale.position(tick), scale.tickText(tick)))}
<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
${xTicks.map(({ x, text }) => xTick(round(x), text))}
<text x="${right + 34}" y="${bottom + 18}">${xUnit}</text>
${content}
</svg>
</figure>
`
}

function yTick(position: number, text: string): Markup {
  const y = round(position)
  return html`<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y}" y2="${y}"/>
<text x="${frame.left - 8}" y="${y + 4}" text-anchor="end">${text}</text>
`
}

const xTick = (x: number, text: string): Markup =>
  html`<line class="axis" x1="${x}" x2="${x}" y1="${frame.bottom}" y2="${frame.bottom + 4}"/>
<text x="${x}" y="${frame.bottom + 18}" text-anchor="middle">${text}</text>
`

export const round = (position: number): number => Math.round(position * 10) / 10
