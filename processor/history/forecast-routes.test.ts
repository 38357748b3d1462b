import { expect, test, vi } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { calendarLimits, type StoredCalendarEvent } from '../../backbone/records/calendar-event.ts'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { forecastState } from './forecast-state.ts'

const readModels = createTestReadModels()
const DAY_MS = 24 * 3_600_000
const keys = createTestKeys()
const operator = keys.mint('operator', ['operate'])
const reader = keys.mint('reader', ['read', 'write', 'personal'])

function createForecasts() {
  const events = new Map<string, StoredCalendarEvent>()
  const state = () =>
    forecastState({
      forecast: { known: false, reason: 'no-history', knownAt: null },
      now: Date.now(),
      countedUntil: undefined,
      calendar: [...events.values()],
      drains: [],
      processors: 1,
    })
  return {
    isCaughtUp: vi.fn(() => true),
    current: async () => state(),
    calendar: {
      has: (id: string) => events.has(id),
      size: () => events.size,
      add: vi.fn(async (event: StoredCalendarEvent) => void events.set(event.id, event)),
      remove: vi.fn(async (id: string) => void events.delete(id)),
    },
  }
}

function startApp({ classifies = false, guarded = false } = {}) {
  const forecasts = createForecasts()
  const { get } = createTestApp(readModels.open(), guarded ? keys.open().access : undefined, {
    forecasts: classifies ? undefined : forecasts,
  })
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await get(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) : undefined }
  }
  return { forecasts, ask, add: (body: unknown) => ask('POST', '/forecast/events', body) }
}

const eventIn = (days: number, lastsMs: number, more: object = {}) => {
  const from = Date.now() + days * DAY_MS
  const [start, end] = [from, from + lastsMs].map((at) => new Date(at).toISOString())
  return { name: 'CyberDay', from: start, until: end, times: 12, ...more }
}
const sound = eventIn(1, 4 * 3_600_000)

test('an event is stored once, listed in UTC, and removed', async () => {
  const { ask, add, forecasts } = startApp()
  const zoned = { ...sound, from: '2026-12-07T20:00:00-03:00', until: '2026-12-08T00:00:00-03:00' }
  vi.useFakeTimers({ now: Date.parse('2026-12-01T00:00:00Z'), toFake: ['Date'] })
  const first = await add(zoned)
  expect(first.status).toBe(201)
  expect(first.json).toMatchObject({ from: '2026-12-07T23:00:00.000Z', until: '2026-12-08T03:00:00.000Z' })
  const address = `/forecast/events/${first.json.id}`
  expect(first.headers.get('location')).toBe(address)
  const again = await add({ ...zoned, from: '2026-12-07T23:00:00Z' })
  expect([again.status, again.json]).toEqual([200, first.json])
  expect((await ask('GET', '/forecast')).json.calendar).toEqual([first.json])
  expect((await ask('DELETE', address)).status).toBe(204)
  expect((await ask('DELETE', address)).json.type).toMatch(/unknown-calendar-event$/)
  expect((await ask('DELETE', '/forecast/events/x')).status).toBe(404)
  expect(forecasts.calendar.remove).toHaveBeenCalledTimes(1)
  vi.useRealTimers()
})

test.each([
  ['/name', { name: '' }, { name: 'x' }],
  ['/name', { name: 'x'.repeat(81) }, { name: 'ñ'.repeat(80) }],
  ['/times', { times: 0.009 }, { times: 0.01 }],
  ['/times', { times: 1_000.1 }, { times: 1_000 }],
  ['/times', { times: '12' }, {}],
  ['/from', { from: '2026-12-07T20:00' }, {}],
  ['/from', eventIn(-35.1, DAY_MS), eventIn(-34.9, DAY_MS)],
  ['/from', eventIn(400.1, DAY_MS), eventIn(399.9, DAY_MS)],
  ['/until', eventIn(1, 59_999), eventIn(1, 60_000)],
  ['/until', eventIn(1, 7 * DAY_MS + 1), eventIn(1, 7 * DAY_MS)],
  ['/hours', { hours: 4 }, {}],
])('%s is validated from both sides', async (pointer, wrong, right) => {
  const { add } = startApp()
  const refused = await add({ ...sound, ...wrong })
  expect(refused.status).toBe(422)
  expect(refused.json.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([pointer])
  expect((await add({ ...sound, ...right })).status).toBe(201)
})

test('half a surrogate pair in the name of an event is replaced', async () => {
  const { json } = await startApp().add({ ...sound, name: 'CyberDay \ud83d' })
  expect(json.name).toBe('CyberDay \ufffd')
})

test('a body that is no event is refused with a problem', async () => {
  const { ask, add } = startApp()
  expect((await add('{')).json.type).toMatch(/malformed-json$/)
  expect((await add([])).status).toBe(422)
  expect((await add({})).json.errors).toHaveLength(4)
  const padded = (length: number) => JSON.stringify(sound).padEnd(length)
  expect((await add(padded(calendarLimits.mostBytes + 1))).status).toBe(413)
  expect((await add(padded(calendarLimits.mostBytes))).status).toBe(201)
  expect((await ask('PUT', '/forecast/events', sound)).status).toBe(405)
})

test('the calendar has a limited number of events; the same one again is no other', async () => {
  const { add } = startApp()
  for (let number = 0; number < calendarLimits.mostEvents; number++)
    expect((await add({ ...sound, name: `n${number}` })).status).toBe(201)
  const more = await add({ ...sound, name: 'more' })
  expect([more.status, more.json.detail]).toEqual([422, 'There are 200 events already: remove one first'])
  expect((await add({ ...sound, name: 'n7' })).status).toBe(200)
})

test('what Kafka does not confirm is not stored', async () => {
  const { ask, add, forecasts } = startApp()
  const { json } = await add(sound)
  forecasts.calendar.add.mockRejectedValue(new Error('no'))
  forecasts.calendar.remove.mockRejectedValue(new Error('no'))
  expect((await add({ ...sound, name: 'other' })).json.type).toMatch(/calendar-not-stored$/)
  expect((await ask('DELETE', `/forecast/events/${json.id}`)).status).toBe(503)
})

test('a processor that has not read the history, or only classifies, lets another one answer', async () => {
  const { ask, forecasts } = startApp()
  forecasts.isCaughtUp.mockReturnValue(false)
  expect((await ask('GET', '/forecast')).json.detail).toBe('this processor is still reading the history')
  expect((await startApp({ classifies: true }).ask('GET', '/forecast')).status).toBe(503)
})

test('all of it needs the scope operate', async () => {
  const { ask } = startApp({ guarded: true })
  for (const [method, path, body, status] of [
    ['GET', '/forecast', undefined, 200],
    ['POST', '/forecast/events', sound, 201],
    ['DELETE', '/forecast/events/0123456789abcdef', undefined, 404],
  ] as const) {
    expect((await ask(method, path, body)).status).toBe(401)
    expect((await ask(method, path, body, reader.headers)).status).toBe(403)
    expect((await ask(method, path, body, operator.headers)).status).toBe(status)
  }
})
