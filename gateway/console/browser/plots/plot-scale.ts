import type uPlot from 'uplot'

/** From the values of a plot to positions on its axis, and back. */
export interface PlotScale {
  toAxis: (value: number) => number
  fromAxis: (position: number) => number
  range: (least: number | null, most: number | null) => [number, number]
  /** Where the axis has numbers; undefined: as uPlot chooses. */
  splits?: uPlot.Axis.Splits
}

/** From 0 up to `least` or more, so that noise near 0 does not fill the plot. */
export const linear = (least: number): PlotScale => ({
  toAxis: (value) => value,
  fromAxis: (position) => position,
  range: (_, most) => [0, Math.max(most ?? 0, least) * 1.08],
})

/** In powers of ten, for times: 5 ms and 5 s are both readable. Up to `least` or more. */
export const logarithmic = (least: number): PlotScale => ({
  toAxis: (value) => Math.log10(Math.max(value, 0.1)),
  fromAxis: (position) => 10 ** position,
  range: (lowest, most) => [Math.floor(lowest ?? 0), Math.ceil(Math.max(most ?? 0, Math.log10(least)))],
  splits: (_, __, lowest, most) =>
    Array.from({ length: Math.round(most - lowest) + 1 }, (___, index) => lowest + index),
})
