import { panel } from '../elements/panel.ts'
import type { createPlot } from './plot.ts'
import type { PlotPoint } from './plot-points.ts'

/** Plots of the same points, on one time axis. */
export function createPlotPanel<Figures>(
  heading: string,
  plots: readonly ReturnType<typeof createPlot<Figures>>[],
) {
  const element = panel(heading, ...plots.map((plot) => plot.element))
  element.classList.add('plots')
  return {
    element,
    show(points: readonly PlotPoint<Figures>[]): void {
      for (const plot of plots) plot.show(points)
    },
  }
}
