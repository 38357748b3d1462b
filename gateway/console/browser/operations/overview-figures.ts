import type {
  HistoryPoint,
  OperationsTick,
  SystemState,
} from '../../../../backbone/operations/system-state.ts'
import type { BaseKind, OutcomeKind } from '../../../../backbone/records/outcome.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { isAdded } from '../added-kinds.ts'
import { createFigureList } from '../elements/figure-list.ts'
import { panel } from '../elements/panel.ts'
import { count, duration, milliseconds, rate } from '../format.ts'
import { texts } from '../texts.ts'
import { createCheckoutRates } from './checkout-rates.ts'

const { capacity, outcomes, notifications, load } = texts.overview
const kinds = Object.keys(texts.kinds) as BaseKind[]

/** The figures of this second. */
export function createOverviewFigures() {
  const rates = createCheckoutRates()
  const outcomeRates = createFigureList<BaseKind | 'added' | 'repetitions'>({
    ...texts.kinds,
    added: outcomes.added,
    repetitions: outcomes.repetitions,
  })
  const { heading: ofDelay, ...delayLabels } = notifications
  const delays = createFigureList(delayLabels)
  const { heading: ofCapacity, ofMembers, ...capacityLabels } = capacity
  const capacities = createFigureList(capacityLabels)
  const loadRun = createLoadRun()
  const element = el(
    'div',
    { class: 'figures' },
    el('section', { class: 'panel' }, rates.element),
    panel(ofDelay, delays.element),
    panel(outcomes.heading, outcomeRates.element),
    panel(ofCapacity, capacities.element),
    loadRun.element,
  )

  function show({ state, point }: OperationsTick): void {
    const { checkouts, outcomes: made, lag, members, streams } = state
    rates.show(checkouts)
    const perKind = kinds.map((kind) => [kind, rate(made && (made.perSecond[kind] ?? 0))])
    outcomeRates.show({
      ...(Object.fromEntries(perKind) as Record<BaseKind, string>),
      added: rate(made && addedRate(made.perSecond)),
      repetitions: rate(made?.repetitionsPerSecond),
    })
    delays.show({
      delay50: milliseconds(made?.delayMs?.p50),
      delay99: milliseconds(made?.delayMs?.p99),
      records: count(lag.records),
      oldest: duration(lag.seconds),
      clearedIn: duration(lag.clearedIn),
    })
    const running = members.filter(({ status }) => status !== 'stopped')
    const ok = running.filter(({ status }) => status === 'ok')
    capacities.show({
      inFlight: count(checkouts?.inFlight),
      limit: count(checkouts?.limit),
      waiting: count(checkouts?.waiting),
      members: ofMembers(count(ok.length), count(running.length)),
      streams: count(streams),
    })
    loadRun.show(state, point.load)
  }

  return { element, show }
}

/** Of all kinds that the rules of the system add. */
const addedRate = (perSecond: Partial<Record<OutcomeKind, number>>): number =>
  Object.entries(perSecond)
    .filter(([kind]) => isAdded(kind))
    .reduce((sum, [, each = 0]) => sum + each, 0)

/** The load runs that are going on, added up; hidden without any. */
function createLoadRun() {
  const { heading, line, ...labels } = load
  const name = el('p', { class: 'muted' })
  const figures = createFigureList(labels)
  const element = panel(heading, name, figures.element)
  element.classList.add('load-run')
  element.hidden = true

  function show({ load: runs }: SystemState, now: HistoryPoint['load']): void {
    element.hidden = runs.length === 0
    setText(name, runs.map((run) => line(run.name, run.stage)).join('; '))
    figures.show({
      planned: rate(now?.planned),
      accepted: rate(now?.accepted),
      failed: count(runs.reduce((sum, { failed }) => sum + failed, 0)),
      p99: milliseconds(now?.p99),
    })
  }

  return { element, show }
}
