import { applied, type Operation, readProblems } from './operation.ts'
import {
  checkoutFilters,
  exportParameters,
  lastEventId,
  limit,
  notificationFilters,
  type Parameter,
  prefer,
} from './parameters.ts'
import { type Described, json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

const frames: Described = {
  description:
    'Server-sent events: `notification` with an outcome as data; `checkpoint` with `{}`, only for its id; `gap` with the range that is no longer kept. The id of each is the cursor after it',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
}

const eventId: Parameter = {
  name: 'eventId',
  in: 'path',
  required: true,
  description: 'Event id from the answer to the POST',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,128}$' },
}

export const getEvent: Operation = {
  operationId: 'getEvent',
  tags: ['Results'],
  summary: 'Get the outcome of a checkout',
  description:
    '`classified` with the outcome, or `accepted` while only this gateway knows the checkout. With `Prefer: wait=N` the gateway waits up to N seconds for the outcome.',
  parameters: [eventId, prefer],
  responses: {
    200: json('The outcome, or the status `accepted`', ref('Event'), applied),
    ...problemResponses(['invalid-request', 'unknown-event', ...readProblems]),
  },
}

export const getTimeline: Operation = {
  operationId: 'getTimeline',
  tags: ['Operation'],
  summary: 'Get the timeline of a checkout',
  description:
    'Requires the scopes `operate` and `read`. Who received a checkout, where it was stored, who classified it, its repetitions and conflicts, and when its outcome was sent to whom. Answers within 5 s; `incomplete` says what could not be read.',
  parameters: [eventId, prefer],
  responses: {
    200: json('The steps that are known', ref('Timeline'), applied),
    ...problemResponses(['invalid-request', 'unknown-event', ...readProblems]),
  },
}

export const listNotifications: Operation = {
  operationId: 'listNotifications',
  tags: ['Results'],
  summary: 'List notifications',
  description:
    'Returns the stream if `Accept` contains `text/event-stream` and does not prefer JSON. Unknown parameters are rejected.',
  parameters: [...notificationFilters, limit, ...lastEventId],
  responses: {
    200: {
      description: 'A page. With `order=asc`, fewer items than the limit: no more for now',
      content: {
        'application/json': { schema: ref('Page') },
        ...frames.content,
      },
    },
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const listCheckouts: Operation = {
  operationId: 'listCheckouts',
  tags: ['Results'],
  summary: 'Search checkouts',
  description: 'Outcomes of every kind, newest first. Unknown parameters are rejected.',
  parameters: [...checkoutFilters, limit],
  responses: {
    200: json('A page', ref('Page')),
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const streamNotifications: Operation = {
  operationId: 'streamNotifications',
  tags: ['Results'],
  summary: 'Follow notifications',
  description:
    'Resumed with the last id, on any instance, it misses nothing and repeats nothing. Unknown parameters are rejected.',
  parameters: [...notificationFilters, limit, ...lastEventId],
  responses: {
    200: frames,
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const exportNotifications: Operation = {
  operationId: 'exportNotifications',
  tags: ['Results'],
  summary: 'Export notifications',
  description:
    'All outcomes that match and exist at the start, as one file, sent as fast as the client reads. If it cannot be completed, the connection breaks before the end of the body. Unknown parameters are rejected.',
  parameters: exportParameters,
  responses: {
    200: {
      description: 'The file, roughly in the order of classification',
      headers: {
        'Content-Disposition': {
          description: 'The name of the file, with the date',
          schema: { type: 'string' },
        },
      },
      content: {
        'application/x-ndjson': { schema: ref('Outcome') },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}
