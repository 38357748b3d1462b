import type { z } from 'zod'
import { ProblemError } from '../problem.ts'
import {
  calendarEventSchema,
  calendarLimits,
  identifyEvent,
  type StoredCalendarEvent,
} from '../records/calendar-event.ts'
import { faultsOf } from '../records/checkout-faults.ts'
import { type Fault, jsonPointer } from '../records/fault.ts'

/** A calendar event that a client sends. Throws `invalid-calendar-event` with all faults. */
export function readCalendarEvent(json: unknown, now: number): StoredCalendarEvent {
  const { data, error } = calendarEventSchema.safeParse(json)
  if (data === undefined) throw invalid([...unknownFields(error.issues), ...knownFaults(error.issues, json)])
  const event = identifyEvent(data)
  const faults = faultsOfTimes(event, now)
  if (faults.length > 0) throw invalid(faults)
  return event
}

const invalid = (errors: Fault[]) => new ProblemError('invalid-calendar-event', { errors })

const knownFaults = (issues: readonly z.core.$ZodIssue[], json: unknown): Fault[] =>
  faultsOf(
    calendarEventSchema,
    issues.filter(({ code }) => code !== 'unrecognized_keys'),
    json,
  )

const unknownFields = (issues: readonly z.core.$ZodIssue[]): Fault[] =>
  issues
    .flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
    .map((field) => ({
      pointer: jsonPointer([field]),
      code: 'unknown_field',
      detail: 'is not a field of a calendar event',
    }))

const range = (pointer: string, detail: string): Fault => ({ pointer, code: 'range', detail })

function faultsOfTimes({ from, until }: StoredCalendarEvent, now: number): Fault[] {
  const { earliestMs, latestMs, shortestMs, longestMs } = calendarLimits
  const began = Date.parse(from)
  const lasts = Date.parse(until) - began
  return [
    ...(began < now + earliestMs || began > now + latestMs
      ? [range('/from', 'must be at most 35 days ago and 400 days ahead')]
      : []),
    ...(lasts < shortestMs || lasts > longestMs
      ? [range('/until', 'must be 1 minute to 7 days after from')]
      : []),
  ]
}
