import { scaleLog } from 'd3-scale'
import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { MetricName, MetricValues, RunResult } from '../run-result.ts'
import { chartFrame, frame } from './chart-frame.ts'
import { type Colour, drawSeries } from './draw-series.ts'
import { html, type Markup } from './html.ts'
import { createValueScale } from './value-scale.ts'

const MICROSECONDS = 1_000
const POINTS_PER_DECADE = 40

const curves: { metric: MetricName; name: string; colour: Colour }[] = [
  { metric: 'http_req_duration', name: 'from due', colour: 'vermillion' },
  { metric: 'http_req_service_time', name: 'from sent', colour: 'blue' },
]

/** As HdrHistogram's plots: each step to the right is a nine more. */
export function percentileChart({ load: { histograms }, metrics }: RunResult): Markup {
  const decoded = curves.flatMap(({ metric, ...curve }) => {
    const encoded = histograms[metric]
    return encoded
      ? [{ ...curve, histogram: decodeFromCompressedBase64(encoded), longest: maxOf(metrics[metric]) }]
      : []
  })
  const most = Math.max(...decoded.map(({ histogram }) => histogram.totalCount))
  if (!(most > 0)) return html`<p class="note">No request ended, so there are no latencies.</p>`

  // The odds against a time as long as that; one in `most` is the longest of all.
  const steps = Math.ceil(Math.log10(most) * POINTS_PER_DECADE)
  const odds = Array.from({ length: steps + 1 }, (_, step) =>
    Math.min(most, 10 ** (step / POINTS_PER_DECADE)),
  )
  const series = decoded.map(({ histogram, longest, name, colour }) => ({
    name,
    colour,
    values: odds.map((each) => timeAt(histogram, each, longest)),
  }))
  const { left, right, top, bottom } = frame
  const x = scaleLog()
    .domain([1, Math.max(10, most)])
    .range([left, right])
  const values = series.flatMap((each) => each.values)
  const scale = createValueScale(values, 'milliseconds', bottom, top)
  return chartFrame({
    title: 'Latency distribution',
    explanation: 'from due to the end (http_req_duration) and from sent to the end (http_req_service_time)',
    quantity: 'milliseconds',
    scale,
    xTicks: percentileTicks(Math.max(10, most)).map(({ at, text }) => ({ x: x(at), text })),
    xUnit: 'percentile',
    content: drawSeries(series, odds.map(x), scale),
  })
}

/** The longest of all stands where the plot ends: no percentile below 100 % would show it. */
function timeAt(histogram: Histogram, odds: number, longest: number): number | undefined {
  if (odds > histogram.totalCount) return undefined
  if (odds === histogram.totalCount) return longest
  return Math.min(longest, histogram.getValueAtPercentile(100 - 100 / odds) / MICROSECONDS)
}

/** Exact, while the histogram rounds up. */
const maxOf = (values: MetricValues | undefined): number =>
  values && 'max' in values ? values.max : Number.POSITIVE_INFINITY

/** 0 %, 50 %, 90 %, 99 %, 99.9 % and on. */
function percentileTicks(most: number): { at: number; text: string }[] {
  const nines = Array.from({ length: Math.floor(Math.log10(most)) }, (_, index) => ({
    at: 10 ** (index + 1),
    text: `${(100 - 10 ** (1 - index)).toFixed(Math.max(0, index - 1))} %`,
  }))
  return [{ at: 1, text: '0 %' }, { at: 2, text: '50 %' }, ...nines]
}
