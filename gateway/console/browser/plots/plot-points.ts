import type { HistoryPoint } from '../../../../backbone/operations/system-state.ts'

export const WINDOW_SECONDS = 15 * 60

/** Points further apart than this are not joined: nobody knows what was between. */
const GAP_MS = 3_500

/** A point of a plot; undefined in a gap. */
export interface PlotPoint<Figures = HistoryPoint> {
  at: number
  figures: Figures | undefined
}

/** The points of the last 15 minutes. */
export function createPlotPoints() {
  let points: PlotPoint[] = []

  function add(figures: HistoryPoint): void {
    const last = points.at(-1)
    // After an interruption the history has some points twice.
    if (last && figures.at <= last.at) return
    if (last && figures.at - last.at > GAP_MS) points.push({ at: last.at + 1, figures: undefined })
    points.push({ at: figures.at, figures })
    const first = figures.at - WINDOW_SECONDS * 1_000
    while ((points[0]?.at ?? first) < first) points.shift()
  }

  return {
    add,
    replace(history: readonly HistoryPoint[]): void {
      points = []
      for (const point of history) add(point)
    },
    all: (): readonly PlotPoint[] => points,
  }
}
