import type uPlot from 'uplot'
import { timeOfMinute } from '../format.ts'
import type { PlotScale } from './plot-scale.ts'

interface AxesOptions {
  em: number
  /** Whose colours the numbers and the grid have. */
  text: Element
  frame: Element
  write: (value: number) => string
  scale: PlotScale
}

const VALUE_AXIS_EM = 4.6
const EDGE_SHARE = 0.02
/** Of the time axis, whose numbers have no seconds: shorter steps would repeat them. */
const STEPS_SECONDS = [60, 120, 300, 600, 900, 1_800]

/** The axes of time and of values. */
export function plotAxes({ em, text, frame, write, scale }: AxesOptions): [uPlot.Axis, uPlot.Axis] {
  const axis: uPlot.Axis = {
    stroke: () => getComputedStyle(text).color,
    font: `${Math.round(em * 0.8)}px system-ui, sans-serif`,
    grid: { stroke: () => getComputedStyle(frame).borderTopColor, width: 1 },
    ticks: { show: false },
  }
  const timeAxis: uPlot.Axis = {
    ...axis,
    size: em * 1.6,
    gap: em * 0.3,
    space: em * 4,
    incrs: STEPS_SECONDS,
    // One at the left edge would cover the numbers of the other axis.
    values: ({ scales: { x } }, splits) =>
      splits.map((at) =>
        at - (x?.min ?? 0) < EDGE_SHARE * ((x?.max ?? 0) - (x?.min ?? 0)) ? '' : timeOfMinute(at * 1_000),
      ),
  }
  const valueAxis: uPlot.Axis = {
    ...axis,
    size: VALUE_AXIS_EM * em,
    space: em * 2.2,
    values: (_, splits) => splits.map((position) => write(scale.fromAxis(position))),
    ...(scale.splits ? { splits: scale.splits } : {}),
  }
  return [timeAxis, valueAxis]
}
