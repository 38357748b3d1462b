import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'

interface Series {
  name: string
  /** Seconds, and milliseconds where there are samples. */
  points: { at: number; value: number | undefined }[]
}

const SIZE = { width: 720, height: 320, left: 64, right: 16, top: 34, bottom: 36 }
const COLORS = ['#0b6e4f', '#b3412f']
const LEAST_MS = 1

/** p99 over time, logarithmic, with a marked span; a self-contained SVG. */
export function plotPercentiles(series: readonly Series[], peak: { from: number; to: number }): string {
  const all = series.flatMap(({ points }) => points)
  const x = scaleLinear([0, Math.max(...all.map(({ at }) => at))], [SIZE.left, SIZE.width - SIZE.right])
  const most = Math.max(LEAST_MS * 10, ...all.map(({ value }) => value ?? 0))
  const y = scaleLog([LEAST_MS, most], [SIZE.height - SIZE.bottom, SIZE.top]).nice()
  const path = line<{ at: number; value: number }>(
    ({ at }) => x(at),
    ({ value }) => y(Math.max(LEAST_MS, value)),
  )
  const curves = series.map(({ name, points }, index) => {
    const measured = points.flatMap(({ at, value }) => (value === undefined ? [] : [{ at, value }]))
    const color = COLORS[index % COLORS.length]
    return `<path d="${path(measured)}" fill="none" stroke="${color}" stroke-width="2"/>
<text x="${SIZE.left + 8 + index * 190}" y="20" fill="${color}">${name}</text>`
  })
  const decades = y.ticks().filter((tick) => Number.isInteger(Math.log10(tick)))
  const grid = decades.map(
    (tick) =>
      `<line x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#d5dde3"/>
<text x="${SIZE.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick} ms</text>`,
  )
  const seconds = x
    .ticks(8)
    .map((tick) => `<text x="${x(tick)}" y="${SIZE.height - 14}" text-anchor="middle">${tick} s</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="system-ui, sans-serif" font-size="12" fill="#1c2a35">
<rect width="100%" height="100%" fill="#fff"/>
<rect x="${x(peak.from)}" width="${x(peak.to) - x(peak.from)}" y="${SIZE.top}" height="${SIZE.height - SIZE.top - SIZE.bottom}" fill="#f4f0e4"/>
${[...grid, ...seconds, ...curves].join('\n')}
</svg>
`
}
