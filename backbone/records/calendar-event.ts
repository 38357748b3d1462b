import { createHash } from 'node:crypto'
import { z } from 'zod'
import { limitedText } from './limited-text.ts'

const DAY_MS = 24 * 3_600_000
export const calendarLimits = {
  /** Of the start, from now. */
  earliestMs: -35 * DAY_MS,
  latestMs: 400 * DAY_MS,
  shortestMs: 60_000,
  longestMs: 7 * DAY_MS,
  fewestTimes: 0.01,
  mostTimes: 1_000,
  mostEvents: 200,
  /** Of a request that adds one. */
  mostBytes: 4_096,
} as const

const TIMES = `must be a number from ${calendarLimits.fewestTimes} to ${calendarLimits.mostTimes}`
const time = z.iso.datetime({ offset: true, error: 'must be a time in ISO 8601 with a zone' })

/** A time with many more checkouts than usual, or fewer. */
export const calendarEventSchema = z.strictObject(
  {
    name: limitedText(1, 80)
      .overwrite((name) => name.toWellFormed())
      .describe('1 to 80 characters'),
    from: time.describe('The first moment'),
    until: time.describe('The first moment after it, 1 minute to 7 days later'),
    times: z
      .number(TIMES)
      .min(calendarLimits.fewestTimes, TIMES)
      .max(calendarLimits.mostTimes, TIMES)
      .describe('How many times as many checkouts as usual'),
  },
  'must be an object with the fields name, from, until and times',
)

export type CalendarEventFields = z.infer<typeof calendarEventSchema>
/** As it is stored and listed, with its times in UTC. */
export type StoredCalendarEvent = CalendarEventFields & { id: string }

export const CALENDAR_EVENT_ID = /^[0-9a-f]{16}$/

/** The same event has the same id, so that a repeated request changes nothing. */
export function identifyEvent(fields: CalendarEventFields): StoredCalendarEvent {
  const { name, times } = fields
  const from = new Date(fields.from).toISOString()
  const until = new Date(fields.until).toISOString()
  const id = createHash('sha256')
    .update(JSON.stringify([name, from, until, times]))
    .digest('hex')
  return { id: id.slice(0, 16), name, from, until, times }
}
