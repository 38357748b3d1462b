import type { Band, ForecastState } from '../backbone/operations/forecast-state.ts'

const MINUTE_MS = 60_000
const bandOf = (median: number, width = 0.3): Band => ({
  lower: median * (1 - width),
  median,
  upper: median * (1 + width),
})

/** The calendar has an event that begins in twenty minutes, and reaches the capacity. */
function known(): ForecastState {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const from = now + 20 * MINUTE_MS
  const iso = (at: number) => new Date(at).toISOString()
  const minutes = Array.from({ length: 60 }, (_, minute) => {
    const at = now + minute * MINUTE_MS
    const times = at >= from ? 12 : 1
    const usual = 4 + Math.sin(minute / 9)
    return {
      at: iso(at),
      purchase: bandOf(usual * times),
      browse: bandOf(2 * usual * times),
      slowShare: bandOf(0.31, 0.2),
      lagSeconds: minute === 59 ? null : bandOf(0.042),
    }
  })
  return {
    known: true,
    minutes,
    peak: { ...bandOf(178), at: iso(from + 7 * MINUTE_MS) },
    at: iso(now + 6_100),
    coverage: 0.9,
    countedUntil: iso(now),
    calendar: [
      {
        id: '0123456789abcdef',
        name: 'CyberDay, primera hora de la promoción de invierno',
        from: iso(from),
        until: iso(from + 4 * 60 * MINUTE_MS),
        times: 12,
      },
      {
        id: 'fedcba9876543210',
        name: 'Storefront down',
        from: iso(now - 300 * 60 * MINUTE_MS),
        until: iso(now - 240 * 60 * MINUTE_MS),
        times: 0.05,
      },
    ],
    capacity: { perSecond: 120, perProcessor: 60, processors: 2, reachedInSeconds: 1_194 },
  }
}

const unknown = (): ForecastState => ({
  known: false,
  reason: 'too-little-history',
  knownAt: '2026-12-01T13:05:00.000Z',
  at: '2026-11-29T13:05:06.000Z',
  coverage: 0.9,
  countedUntil: '2026-11-29T13:05:00.000Z',
  calendar: [],
  capacity: { perSecond: null, perProcessor: null, processors: 2, reachedInSeconds: null },
})

/** Forecasts that an operator may see. */
export const forecastStates = { known, unknown }
