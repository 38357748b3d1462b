import type { ForecastMinute, ForecastState } from '../../../../backbone/operations/forecast-state.ts'
import { rate } from '../format.ts'
import { createPlot } from '../plots/plot.ts'
import { createPlotPanel } from '../plots/plot-panel.ts'
import { linear } from '../plots/plot-scale.ts'
import { texts } from '../texts.ts'

const HOUR_SECONDS = 3_600

/** Median and band of each lane for the next hour; hidden while unknown. */
export function createForecastPlots() {
  const { heading, upper, median, lower, ...titles } = texts.forecast.plots
  const plots = (['purchase', 'browse'] as const).map((lane) =>
    createPlot<ForecastMinute>({
      title: titles[lane],
      write: rate,
      scale: linear(1),
      window: HOUR_SECONDS,
      series: [
        { label: upper, line: 'line-soft', value: (minute) => minute[lane].upper, isDashed: true },
        { label: median, line: 'line-strong', value: (minute) => minute[lane].median },
        { label: lower, line: 'line-soft', value: (minute) => minute[lane].lower, isDashed: true },
      ],
      band: [0, 2],
    }),
  )
  const panel = createPlotPanel(heading, plots)
  const { element } = panel
  element.hidden = true

  function show(state: ForecastState): void {
    element.hidden = !state.known
    if (!state.known) return
    panel.show(state.minutes.map((figures) => ({ at: Date.parse(figures.at), figures })))
  }

  return { element, show }
}
