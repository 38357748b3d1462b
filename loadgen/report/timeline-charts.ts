import type { RunResult, TimelinePoint } from '../run-result.ts'
import { frame, round } from './chart-frame.ts'
import type { ChartAxis, ChartValues } from './chart-values.ts'
import { type Colour, isDrawn, type Series } from './draw-series.ts'
import { failureSeries } from './failure-series.ts'
import { formatDuration } from './format-units.ts'
import { html, type Markup } from './html.ts'
import { isKnown, type Maybe } from './known.ts'
import { marksOf } from './stage-marks.ts'
import { type TimeAxis, type TimeChart, timeChart, timePosition } from './time-chart.ts'

/** Plots over time, one below the other, with the same time axis. */
export function timelineCharts(load: RunResult['load'], values: ChartValues): Markup {
  const { timeline } = load
  const failures = failureSeries(timeline)
  if (timeline.length === 0) return html`<p class="note">The run was too short for a timeline.</p>`
  const axis = timeAxisOf(load)
  values.axis('time', valuesAxisOf(axis, timeline))
  const chartOf = (chart: TimeChart) => timeChart(axis, chart, values)
  return html`${[
    marksNote(axis),
    chartOf(rates(load)),
    chartOf({
      title: 'Latency',
      explanation: 'from the due time of a request to its answer (http_req_duration)',
      quantity: 'milliseconds',
      series: [
        quantileSeries(timeline, 'duration', 'max', 'grey'),
        quantileSeries(timeline, 'duration', 'p99', 'vermillion'),
        quantileSeries(timeline, 'duration', 'p90', 'blue'),
        quantileSeries(timeline, 'duration', 'p50', 'green'),
      ],
    }),
    ...delays(timeline).map(chartOf),
    failures.length === 0
      ? html`<p class="note">No request failed, and none was dropped.</p>
`
      : chartOf({
          title: 'Failures',
          explanation: 'requests that failed, by status or reason, and checkouts that were dropped',
          quantity: 'per second',
          series: failures,
        }),
    chartOf({
      title: 'In flight',
      explanation: 'requests not answered yet',
      quantity: 'number',
      series: [{ name: 'in flight', colour: 'blue', values: timeline.map(({ inFlight }) => inFlight) }],
    }),
  ]}`
}

function marksNote({ marks }: TimeAxis): Markup | undefined {
  if (marks.length === 0) return undefined
  const stages = marks.flatMap(({ stage }) => stage ?? [])
  return html`<p class="note">Dotted lines: a stage begins, by its number, or the rate was changed by hand (×).</p>
${stages.length > 0 ? html`<ul class="stages">${stages.map((stage) => html`<li>${stage}</li>`)}</ul>` : undefined}
`
}

/** The time of each value, with its stage. */
function valuesAxisOf({ at, end, marks }: TimeAxis, timeline: readonly TimelinePoint[]): ChartAxis {
  const x = timePosition(end)
  return {
    x: at.map((time) => round(x(time)) / frame.width),
    labels: at.map((middle, index) => {
      const from = formatDuration((timeline[index]?.at ?? 0) * 1_000)
      const stage = marks.findLast((mark) => mark.stage !== undefined && mark.at <= middle)?.stage
      return stage === undefined ? from : `${from}, stage ${stage}`
    }),
  }
}

/** A value represents its whole interval, so it is drawn in the middle. */
function timeAxisOf(load: RunResult['load']): TimeAxis {
  const starts = load.timeline.map(({ at }) => at)
  const [last = 0, before] = starts.toReversed()
  const end = Math.max(load.seconds, before === undefined ? last + 1 : last + (last - before))
  return {
    at: starts.map((start, index) => (start + (starts[index + 1] ?? end)) / 2),
    end,
    marks: marksOf(load),
  }
}

function rates({ timeline, seconds }: RunResult['load']): TimeChart {
  // After sending ended, for any reason, no rate is planned.
  const asked = timeline.map((point) => (point.at < seconds ? point.asked : undefined))
  return {
    title: 'Rate',
    explanation: asked.some(isKnown)
      ? 'planned checkouts, requests sent, checkouts accepted'
      : 'requests sent, checkouts accepted',
    quantity: 'per second',
    series: [
      { name: 'planned', colour: 'grey', shape: 'area', values: asked },
      { name: 'sent', colour: 'sky', shape: 'broad', values: timeline.map(({ sent }) => sent) },
      { name: 'accepted', colour: 'blue', values: timeline.map(({ accepted }) => accepted) },
    ],
  }
}

/** A gap if no notification arrived. */
function delays(timeline: readonly TimelinePoint[]): TimeChart[] {
  const series = [
    quantileSeries(timeline, 'delay', 'p99', 'vermillion'),
    quantileSeries(timeline, 'delay', 'p50', 'green'),
  ]
  if (!series.some(isDrawn)) return []
  return [
    {
      title: 'Notification delay',
      explanation: 'from the due time of a checkout to the notification of its customer',
      quantity: 'milliseconds',
      series,
    },
  ]
}

function quantileSeries(
  timeline: readonly TimelinePoint[],
  of: 'duration' | 'delay',
  quantile: 'p50' | 'p90' | 'p99' | 'max',
  colour: Colour,
): Series {
  const values = timeline.map((point): Maybe => point[of]?.[quantile])
  return { name: quantile, colour, values, ...(quantile === 'max' ? { shape: 'thin' as const } : {}) }
}
