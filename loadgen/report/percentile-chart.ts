import { scaleLog } from 'd3-scale'
import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { MetricName, MetricValues, RunResult } from '../run-result.ts'
import { chartFrame, frame } from './chart-frame.ts'
import type { ChartValues } from './chart-values.ts'
import { type Colour, drawSeries } from './draw-series.ts'
import { html, type Markup } from './html.ts'
import { createValueScale } from './value-scale.ts'

const MICROSECONDS = 1_000
const POINTS_PER_DECADE = 40

const curves: { metric: MetricName; name: string; colour: Colour }[] = [
  { metric: 'http_req_duration', name: 'from due', colour: 'vermillion' },
  { metric: 'http_req_service_time', name: 'from sent', colour: 'blue' },
]

/** Like HdrHistogram's plots: each step to the right adds a nine. */
export function percentileChart({ load: { histograms }, metrics }: RunResult, shown: ChartValues): Markup {
  const decoded = curves.flatMap(({ metric, ...curve }) => {
    const encoded = histograms[metric]
    return encoded
      ? [{ ...curve, histogram: decodeFromCompressedBase64(encoded), longest: maxOf(metrics[metric]) }]
      : []
  })
  const most = Math.max(...decoded.map(({ histogram }) => histogram.totalCount))
  if (!(most > 0)) return html`<p class="note">No request was answered, so there are no latencies.</p>`

  // One request in so many took that long or longer; one in `most` is the longest of all.
  const steps = Math.ceil(Math.log10(most) * POINTS_PER_DECADE)
  const odds = Array.from({ length: steps + 1 }, (_, step) =>
    Math.min(most, 10 ** (step / POINTS_PER_DECADE)),
  )
  const series = decoded.map(({ histogram, longest, name, colour }) => ({
    name,
    colour,
    values: odds.map((each) => timeAt(histogram, each, longest)),
  }))
  const x = scaleLog()
    .domain([1, Math.max(10, most)])
    .range([0, frame.width])
  const values = series.flatMap((each) => each.values)
  const scale = createValueScale(values, 'milliseconds', frame.height, 0)
  const { paths, names, legend } = drawSeries(series, odds.map(x), scale)
  const chart = { title: 'Latency distribution', quantity: 'milliseconds' as const, series }
  shown.axis('percentile', { x: odds.map((each) => x(each) / frame.width), labels: odds.map(percentile) })
  return chartFrame({
    ...chart,
    explanation:
      'from the due time to the answer (http_req_duration) and from sending to the answer (http_req_service_time)',
    scale,
    legend,
    xTicks: percentileTicks(Math.max(10, most)).map(({ at, text }) => ({
      x: x(at),
      text,
      isMinor: at === 2,
    })),
    xUnit: 'percentile',
    drawing: paths,
    labels: names,
    index: shown.add('percentile', chart),
  })
}

/** The longest time is at the end of the plot: no percentile below 100 % would show it. */
function timeAt(histogram: Histogram, odds: number, longest: number): number | undefined {
  if (odds > histogram.totalCount) return undefined
  if (odds === histogram.totalCount) return longest
  return Math.min(longest, histogram.getValueAtPercentile(100 - 100 / odds) / MICROSECONDS)
}

/** Exact; the histogram rounds up. */
const maxOf = (values: MetricValues | undefined): number =>
  values && 'max' in values ? values.max : Number.POSITIVE_INFINITY

/** `99.9 %`, with as many digits as distinguish it from the next one. */
const percentile = (odds: number): string =>
  `${Number((100 - 100 / odds).toFixed(Math.max(1, Math.ceil(Math.log10(odds)))))} %`

/** 0 %, 50 %, 90 %, 99 %, 99.9 % and so on. */
function percentileTicks(most: number): { at: number; text: string }[] {
  const nines = Array.from({ length: Math.floor(Math.log10(most)) }, (_, index) => ({
    at: 10 ** (index + 1),
    text: `${(100 - 10 ** (1 - index)).toFixed(Math.max(0, index - 1))} %`,
  }))
  return [{ at: 1, text: '0 %' }, { at: 2, text: '50 %' }, ...nines]
}
