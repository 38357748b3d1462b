import type { ForecastState } from '../../../backbone/operations/forecast-state.ts'
import { byId, el } from '../../pages/browser/dom.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../pages/browser/status.ts'
import { createCalendar } from './forecast-calendar.ts'
import { createForecastCapacity } from './forecast-capacity.ts'
import { createForecastFigures } from './forecast-figures.ts'
import { createForecastPlots } from './forecast-plots.ts'
import { share, time } from './format.ts'
import { texts } from './texts.ts'

const words = texts.forecast
const REFRESH_MS = 60_000
/** Each processor reads the calendar by itself: another one may answer the next request. */
const CHANGE_MS = 1_000
const MOST_ATTEMPTS = 15

function start(): void {
  const main = byId('content')
  const summary = el('div', { hidden: true })
  const capacity = createForecastCapacity()
  const figures = createForecastFigures()
  const plots = createForecastPlots()
  const calendar = createCalendar(whenChanged)
  byId('forecast').replaceChildren(summary, capacity.element, plots.element, figures.element)

  function show(state: ForecastState): void {
    delete main.dataset['stale']
    clearStatus()
    summary.hidden = false
    summary.className = state.known ? 'hint' : 'panel'
    summary.replaceChildren(...summaryOf(state).map((text) => el('p', {}, text)))
    capacity.show(state)
    figures.show(state)
    plots.show(state)
    calendar.show(state.calendar)
  }

  /** Undefined: it could not be read. */
  async function refresh(): Promise<ForecastState | undefined> {
    try {
      const state = await requestJson<ForecastState>('/forecast')
      show(state)
      return state
    } catch (error) {
      main.dataset['stale'] = ''
      showStatus(failureText(error), 'bad')
      return undefined
    }
  }

  /** Reads the forecast until it has the event `id`, or no longer has it. */
  async function whenChanged(id: string, isAdded: boolean): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const state = await refresh()
      if (state?.calendar.some((event) => event.id === id) === isAdded) return
      await new Promise((resolve) => setTimeout(resolve, CHANGE_MS))
    }
  }

  void refresh()
  setInterval(() => void refresh(), REFRESH_MS)
}

/** Why it is unknown and until when, or what the band means. */
function summaryOf(state: ForecastState): string[] {
  const counted = state.countedUntil === null ? [] : [words.countedUntil(timeOf(state.countedUntil))]
  if (state.known) return [`${words.band(share(state.coverage))} ${counted.join('')}`]
  const knownAt = state.knownAt === null ? [] : [words.knownAt(timeOf(state.knownAt))]
  return [words.unknown[state.reason], ...knownAt, ...counted]
}

const timeOf = (iso: string) => time(Date.parse(iso))

start()
