import { scaleLog } from 'd3-scale'
import { html, type Markup, textOf } from '../../loadgen/report/html.ts'
import { formatNumber, formatResult } from './format-result.ts'
import type { Result } from './measure-comparison.ts'

interface Page {
  machine: Readonly<Record<string, string | number>>
  results: readonly Result[]
}

const WIDTH = 720
const ROW = 34
const LEFT = 190
const RIGHT = 24

/** A self-contained page: a dot for each pair, a line for the target. */
export function formatPage({ machine, results }: Page): string {
  const facts = Object.entries(machine).map(([name, value]) => html`<li>${name}: ${value}</li>`)
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Benchmarks</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2a35}
pre{background:#f4f6f8;padding:1rem;overflow:auto;font-size:13px}</style>
</head>
<body>
<h1>Benchmarks</h1>
<ul>${facts}</ul>
${plotRatios(results)}
${results.map(
  (result) => html`<pre>${formatResult(result)}</pre>
`,
)}</body>
</html>
`)
}

/** The ratio of each pair; better is always to the right. A self-contained SVG. */
export function plotRatios(results: readonly Result[]): Markup {
  const rows = results.flatMap((result) =>
    result.ratios.map((ratio) => {
      const better = (value: number) => (ratio.better === 'more' ? value : 1 / value)
      const target = ratio.target === undefined ? undefined : better(ratio.target)
      return { title: `${result.name}: ${ratio.title}`, values: ratio.values.map(better), target }
    }),
  )
  const all = rows.flatMap(({ values, target }) => [...values, ...(target === undefined ? [] : [target])])
  const x = scaleLog([Math.min(0.5, ...all), Math.max(2, ...all)], [LEFT, WIDTH - RIGHT]).nice()
  const height = rows.length * ROW + 48
  const grid = x
    .ticks(6)
    .filter((tick) => /^[125]/.test(tick.toExponential()))
    .map(
      (tick) =>
        html`<line x1="${x(tick)}" x2="${x(tick)}" y1="16" y2="${height - 28}" stroke="${tick === 1 ? '#8296a5' : '#e3e9ed'}"/>
<text x="${x(tick)}" y="${height - 10}" text-anchor="middle">${formatNumber(tick)}×</text>`,
    )
  const lines = rows.map(({ title, values, target }, index) => {
    const y = 32 + index * ROW
    const aim =
      target === undefined
        ? undefined
        : html`<line x1="${x(target)}" x2="${x(target)}" y1="${y - 10}" y2="${y + 10}" stroke="#b3412f" stroke-width="3"/>`
    const dots = values.map(
      (value) => html`<circle cx="${x(value)}" cy="${y}" r="4" fill="#0b6e4f" fill-opacity="0.6"/>`,
    )
    return html`<text x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${title}</text>${aim}${dots}
`
  })
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1c2a35">
<rect width="100%" height="100%" fill="#fff"/>
${grid}
${lines}</svg>
`
}
