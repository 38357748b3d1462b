import { calendarEventId } from './forecast-schema.ts'
import { bodyProblems, type Operation, readProblems } from './operation.ts'
import { signature } from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

export const getForecast: Operation = {
  operationId: 'getForecast',
  tags: ['Operation'],
  summary: 'What to expect in the next hour',
  description:
    'Requires the scope `operate`. Minute by minute: checkouts of each lane, the share of slow purchases and the lag, each with a band; the calendar; the measured capacity. Computed once a minute.',
  responses: {
    200: json('The forecast', ref('Forecast')),
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const addCalendarEvent: Operation = {
  operationId: 'addCalendarEvent',
  tags: ['Operation'],
  summary: 'Add a calendar event',
  description:
    'Requires the scope `operate`. A time with many more checkouts than usual, or fewer. The same event has the same id, so a retry is safe.',
  parameters: [signature],
  requestBody: { required: true, content: { 'application/json': { schema: ref('CalendarEvent') } } },
  responses: {
    200: json('It is in the calendar already', ref('StoredCalendarEvent')),
    201: json('Stored', ref('StoredCalendarEvent'), {
      Location: { description: 'Address of the event', schema: { type: 'string' } },
    }),
    ...problemResponses([
      ...readProblems,
      ...bodyProblems,
      'invalid-request',
      'invalid-calendar-event',
      'calendar-not-stored',
    ]),
  },
}

export const removeCalendarEvent: Operation = {
  operationId: 'removeCalendarEvent',
  tags: ['Operation'],
  summary: 'Remove a calendar event',
  description: 'Requires the scope `operate`.',
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'Id of the event',
      schema: calendarEventId,
    },
  ],
  responses: {
    204: { description: 'Removed' },
    ...problemResponses([
      'invalid-request',
      ...readProblems,
      'unknown-calendar-event',
      'calendar-not-stored',
    ]),
  },
}
