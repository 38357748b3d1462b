import type { ForecastState } from '../../../backbone/operations/forecast-state.ts'
import { byId, el } from '../../pages/browser/dom.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../pages/browser/status.ts'
import { createCalendar } from './forecast/forecast-calendar.ts'
import { createForecastCapacity } from './forecast/forecast-capacity.ts'
import { createForecastFigures } from './forecast/forecast-figures.ts'
import { createForecastPlots } from './forecast/forecast-plots.ts'
import { share, time } from './format.ts'
import { texts } from './texts.ts'

const words = texts.forecast
const REFRESH_MS = 60_000
const RETRY_MS = 5_000
/** Each processor reads the calendar by itself: another one may answer the next request. */
const CHANGE_MS = 1_000
const MOST_ATTEMPTS = 15

function start(): void {
  const main = byId('content')
  const summary = el('div')
  const capacity = createForecastCapacity()
  const figures = createForecastFigures()
  const plots = createForecastPlots()
  const calendar = createCalendar(whenChanged)

  function show(state: ForecastState): void {
    // Until then, the page says that it is loading.
    if (!summary.isConnected)
      byId('forecast').replaceChildren(summary, capacity.element, plots.element, figures.element)
    delete main.dataset['stale']
    clearStatus()
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
      await sleep(CHANGE_MS)
    }
  }

  async function follow(): Promise<never> {
    for (;;) await sleep((await refresh()) ? REFRESH_MS : RETRY_MS)
  }

  void follow()
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Why it is unknown and until when, or what the band means. */
function summaryOf(state: ForecastState): string[] {
  const counted = state.countedUntil === null ? [] : [words.countedUntil(timeOf(state.countedUntil))]
  if (state.known) return [`${words.band(share(state.coverage))} ${counted.join('')}`]
  const knownAt = state.knownAt === null ? [] : [words.knownAt(timeOf(state.knownAt))]
  return [words.unknown[state.reason], ...knownAt, ...counted]
}

const timeOf = (iso: string) => time(Date.parse(iso))

start()
