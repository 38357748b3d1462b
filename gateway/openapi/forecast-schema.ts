import { calendarEventSchema } from '../../backbone/records/calendar-event.ts'
import { schemaOf } from './schema-of.ts'

const dateTime = { type: 'string', format: 'date-time' }
const rate = { type: 'number', minimum: 0 }
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })

const bounds = { lower: rate, median: rate, upper: rate }
const band = (description: string) => ({
  type: 'object',
  description,
  required: Object.keys(bounds),
  properties: bounds,
})

export const calendarEvent = schemaOf(calendarEventSchema)
export const calendarEventId = { type: 'string', pattern: '^[0-9a-f]{16}$' }
export const storedCalendarEvent = {
  ...calendarEvent,
  required: ['id', ...(calendarEvent.required ?? [])],
  properties: { id: calendarEventId, ...calendarEvent.properties },
}

const minute = {
  type: 'object',
  required: ['at', 'purchase', 'browse', 'slowShare', 'lagSeconds'],
  properties: {
    at: dateTime,
    purchase: band('Purchases per second'),
    browse: band('Visits per second'),
    slowShare: orNull(band('Share of slow purchases; null if nothing can be said')),
    lagSeconds: orNull(band('Mean time from receipt to classification; null if nothing can be said')),
  },
}

export const forecast = {
  type: 'object',
  description:
    'What to expect in the next hour. While `known` is false, `reason` and `knownAt` stand for `minutes` and `peak`.',
  required: ['known', 'at', 'coverage', 'countedUntil', 'calendar', 'capacity'],
  properties: {
    known: { type: 'boolean' },
    minutes: { type: 'array', items: minute },
    peak: {
      ...band('The minute with the most checkouts of both lanes'),
      properties: { ...bounds, at: dateTime },
    },
    reason: { enum: ['no-history', 'history-behind', 'too-little-history'] },
    knownAt: orNull(dateTime),
    at: { ...dateTime, description: 'When it was computed' },
    coverage: { ...rate, description: 'Share of the true values that `lower` and `upper` should hold' },
    countedUntil: orNull(dateTime),
    calendar: { type: 'array', items: storedCalendarEvent },
    capacity: {
      type: 'object',
      description:
        'What the processors classify, in checkouts per second; null until measured with a backlog',
      required: ['perSecond', 'perProcessor', 'processors', 'reachedInSeconds'],
      properties: {
        perSecond: orNull(rate),
        perProcessor: orNull(rate),
        processors: { type: 'integer', minimum: 0 },
        reachedInSeconds: orNull(rate),
      },
    },
  },
}
