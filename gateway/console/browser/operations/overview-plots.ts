import { duration, milliseconds, rate } from '../format.ts'
import { createPlot } from '../plots/plot.ts'
import { createPlotPanel } from '../plots/plot-panel.ts'
import { WINDOW_SECONDS } from '../plots/plot-points.ts'
import { linear, logarithmic } from '../plots/plot-scale.ts'
import { texts } from '../texts.ts'

/** Checkouts and refusals, times, and lag of the last 15 minutes, on one time axis. */
export function createOverviewPlots() {
  const { heading, rates, latency, lag, series } = texts.overview.plots
  const window = -WINDOW_SECONDS
  const plots = [
    createPlot({
      title: rates,
      window,
      write: rate,
      scale: linear(10),
      series: [
        { label: series.purchases, line: 'line-strong', value: ({ purchases }) => purchases },
        { label: series.visits, line: 'line-soft', value: ({ visits }) => visits },
        { label: series.refusedPurchases, line: 'bad', value: (point) => point.refusedPurchases },
        { label: series.refusedVisits, line: 'warn', value: (point) => point.refusedVisits },
        {
          label: series.planned,
          line: 'line-soft',
          value: ({ load }) => load?.planned ?? null,
          isDashed: true,
        },
        {
          label: series.accepted,
          line: 'line-strong',
          value: ({ load }) => load?.accepted ?? null,
          isDashed: true,
        },
      ],
    }),
    createPlot({
      title: latency,
      window,
      write: milliseconds,
      scale: logarithmic(100),
      series: [
        { label: series.p99, line: 'line-strong', value: ({ p99 }) => p99 },
        { label: series.p50, line: 'line-soft', value: ({ p50 }) => p50 },
        { label: series.delayP99, line: 'line-strong', value: ({ delayP99 }) => delayP99, isDashed: true },
      ],
    }),
    createPlot({
      title: lag,
      window,
      write: duration,
      scale: linear(10),
      series: [{ label: series.lag, line: 'line-strong', value: ({ lagSeconds }) => lagSeconds }],
    }),
  ]
  return createPlotPanel(heading, plots)
}
