import type { RunResult, TimelinePoint } from '../run-result.ts'
import type { Colour, Series } from './draw-series.ts'
import { failureSeries } from './failure-series.ts'
import { html, type Markup } from './html.ts'
import { isKnown, type Maybe } from './known.ts'
import { marksOf } from './stage-marks.ts'
import { type TimeAxis, timeChart } from './time-chart.ts'

/** What happened over time; all plots have the same time axis, one below the other. */
export function timelineCharts(load: RunResult['load']): Markup {
  const { timeline } = load
  if (timeline.length === 0) return html`<p class="note">The run was too short for a timeline.</p>`
  const axis = timeAxisOf(load)
  return html`${[
    marksNote(axis),
    rateChart(axis, load),
    timeChart(axis, {
      title: 'Latency',
      explanation: 'from the moment a request was due to its end (http_req_duration)',
      quantity: 'milliseconds',
      series: [
        quantileSeries(timeline, 'duration', 'max', 'grey'),
        quantileSeries(timeline, 'duration', 'p99', 'vermillion'),
        quantileSeries(timeline, 'duration', 'p90', 'blue'),
        quantileSeries(timeline, 'duration', 'p50', 'green'),
      ],
    }),
    delayChart(axis, timeline),
    failureChart(axis, timeline),
    timeChart(axis, {
      title: 'In flight',
      explanation: 'requests without an answer yet',
      quantity: 'number',
      series: [{ name: 'in flight', colour: 'blue', values: timeline.map(({ inFlight }) => inFlight) }],
    }),
  ]}`
}

const marksNote = ({ marks }: TimeAxis): Markup | undefined =>
  marks.length === 0
    ? undefined
    : html`<p class="note">Dotted lines: a stage begins, by its number in the table below, or the rate was changed by hand (×).</p>
`

/** A value stands for the whole interval, so it is drawn in its middle. */
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

function rateChart(axis: TimeAxis, { timeline, seconds }: RunResult['load']): Markup {
  // Once the sending has ended, by whatever, nothing is asked for.
  const asked = timeline.map((point) => (point.at < seconds ? point.asked : undefined))
  return timeChart(axis, {
    title: 'Rate',
    explanation: asked.some(isKnown)
      ? 'checkouts asked for by the plan, requests sent, checkouts accepted'
      : 'requests sent, checkouts accepted',
    quantity: 'per second',
    series: [
      { name: 'asked', colour: 'grey', shape: 'area', values: asked },
      { name: 'sent', colour: 'sky', shape: 'broad', values: timeline.map(({ sent }) => sent) },
      { name: 'accepted', colour: 'blue', values: timeline.map(({ accepted }) => accepted) },
    ],
  })
}

function delayChart(axis: TimeAxis, timeline: readonly TimelinePoint[]): Markup | undefined {
  const series = [
    quantileSeries(timeline, 'delay', 'p99', 'vermillion'),
    quantileSeries(timeline, 'delay', 'p50', 'green'),
  ]
  if (!series.some(({ values }) => values.some(isKnown))) return undefined
  return timeChart(axis, {
    title: 'Notification delay',
    explanation: 'from the moment a checkout was due until its customer was told',
    quantity: 'milliseconds',
    series,
  })
}

function failureChart(axis: TimeAxis, timeline: readonly TimelinePoint[]): Markup {
  const series = failureSeries(timeline)
  if (series.length === 0)
    return html`<p class="note">No request failed, and none was dropped.</p>
`
  return timeChart(axis, {
    title: 'Failures',
    explanation: 'requests that failed, by status or reason, and checkouts that were dropped',
    quantity: 'per second',
    series,
  })
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
