import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { ForecastState, SystemForecast } from '../../backbone/operations/forecast-state.ts'
import type { ForecastInput } from './compute-forecast.ts'
import { forecastState } from './forecast-state.ts'
import type { KeptHistory } from './keep-history.ts'
import { MINUTE_MS } from './minute-sums.ts'
import { systemSeries } from './system-series.ts'

interface KeepOptions {
  history: KeptHistory
  isCaughtUp: () => boolean
  /** Processors that classify now. */
  processors: () => number
  /** Of the store. */
  timeZone: string
  /** Called with each forecast. */
  onForecast: (state: ForecastState) => void
  log: Logger
}

/** By then, the owners have written the sums of the last minute. */
const AFTER_MINUTE_MS = 6_000
const TICK_MS = 1_000

/** Computes the forecast once a minute on a thread of its own, and when the calendar has changed. */
export function keepForecast(options: KeepOptions) {
  const { history, isCaughtUp, processors, timeZone, onForecast, log } = options
  const thread = createThread()
  let state: ForecastState | undefined
  let computedMinute = Number.NaN
  let computedCalendar = ''
  let computing: Promise<ForecastState> | undefined

  const calendarText = () => JSON.stringify(history.events())
  const isFresh = (now: number) => computedMinute === minuteOf(now) && computedCalendar === calendarText()

  async function compute(now: number): Promise<ForecastState> {
    computedMinute = minuteOf(now)
    computedCalendar = calendarText()
    const calendar = history.events()
    const series = await systemSeries(history.partitions(), now)
    const forecast = await thread.compute({ series, calendar, now, timeZone })
    const drains = history.drains.values()
    state = forecastState({
      forecast,
      now,
      countedUntil: series?.end,
      calendar,
      drains,
      processors: processors(),
    })
    onForecast(state)
    return state
  }

  async function current(): Promise<ForecastState> {
    const now = Date.now()
    if (computing) await computing.catch(() => undefined)
    if (state && isFresh(now)) return state
    computing ??= compute(now).finally(() => {
      computing = undefined
    })
    return computing
  }

  const timer = setInterval(() => {
    if (!isCaughtUp() || isFresh(Date.now())) return
    current().catch((error: unknown) => log.error({ err: error }, 'The forecast could not be computed'))
  }, TICK_MS)

  return {
    /** At most a minute old. */
    current,
    /** The last one that was computed. */
    last: () => state,
    async stop(): Promise<void> {
      clearInterval(timer)
      await thread.stop()
    },
  }
}

const minuteOf = (now: number) => Math.floor((now - AFTER_MINUTE_MS) / MINUTE_MS)

function createThread() {
  let thread: Worker | undefined
  let waiting: PromiseWithResolvers<SystemForecast> | undefined

  function start(): Worker {
    const started = new Worker(new URL('./forecast-thread.ts', import.meta.url))
    // It alone does not keep the process running.
    started.unref()
    started.on('message', (forecast: SystemForecast) => waiting?.resolve(forecast))
    started.on('error', (error) => {
      thread = undefined
      waiting?.reject(error)
    })
    return started
  }

  return {
    /** One at a time. */
    compute(input: ForecastInput): Promise<SystemForecast> {
      waiting = Promise.withResolvers()
      thread ??= start()
      thread.postMessage(input)
      return waiting.promise
    },
    async stop(): Promise<void> {
      await thread?.terminate()
    },
  }
}
