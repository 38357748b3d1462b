import { classOf, isDrawn, type Series } from './draw-series.ts'
import { formatCount, formatMs, formatRate } from './format-units.ts'
import { html, type Markup, trusted } from './html.ts'
import { isKnown } from './known.ts'
import type { Quantity } from './value-scale.ts'

const FORMATS: Record<Quantity, (value: number) => string> = {
  milliseconds: formatMs,
  'per second': formatRate,
  number: formatCount,
}

/** The positions of the values of a chart. */
export interface ChartAxis {
  /** Horizontally, from 0 to 1. */
  x: number[]
  /** A label for each position. */
  labels: string[]
}

/** Values of the charts, for the script of the page. */
export function createChartValues() {
  const axes: Record<string, ChartAxis> = {}
  const charts: object[] = []
  return {
    axis(name: string, axis: ChartAxis): void {
      axes[name] = axis
    },
    /** Returns the number of the chart. */
    add(
      axis: string,
      { title, quantity, series }: { title: string; quantity: Quantity; series: readonly Series[] },
    ) {
      const shown = series.filter(isDrawn).map(({ values, ...rest }) => ({
        name: rest.name,
        class: classOf(rest),
        values: values.map((value) => (isKnown(value) ? FORMATS[quantity](value) : '')),
      }))
      return charts.push({ title, axis, series: shown }) - 1
    },
    /** No text in it can end the element. */
    markup: (): Markup =>
      html`<script type="application/json" id="values">${trusted(JSON.stringify({ axes, charts }).replaceAll('<', '\\u003c'))}</script>
`,
  }
}

export type ChartValues = ReturnType<typeof createChartValues>
