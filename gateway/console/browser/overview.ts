import type { SystemState } from '../../../backbone/operations/system-state.ts'
import { byId } from '../../pages/browser/dom.ts'
import { followSystem } from './operations/follow-system.ts'
import { createOverviewFigures } from './operations/overview-figures.ts'
import { createOverviewPlots } from './operations/overview-plots.ts'
import { createUnknowns, unknownsOf, unknownsOfSilence } from './operations/unknowns.ts'
import { createVerdict } from './operations/verdict.ts'
import { createPlotPoints } from './plots/plot-points.ts'

function start(): void {
  const main = byId('content')
  const verdict = createVerdict()
  const unknowns = createUnknowns()
  const figures = createOverviewFigures()
  const plots = createOverviewPlots()
  const points = createPlotPoints()
  let last: SystemState | undefined
  byId('overview').replaceChildren(verdict.element, unknowns.element, figures.element, plots.element)

  followSystem({
    onHistory(history) {
      points.replace(history.points)
      plots.show(points.all())
    },
    onTick(tick) {
      const { state, point } = tick
      last = state
      delete main.dataset['stale']
      verdict.show(state)
      unknowns.show(unknownsOf(state))
      figures.show(tick)
      points.add(point)
      plots.show(points.all())
    },
    onSilence(seconds, hasFigures) {
      main.dataset['stale'] = ''
      verdict.showUnknown(seconds, last)
      unknowns.show(unknownsOfSilence(seconds, hasFigures))
    },
  })
}

start()
