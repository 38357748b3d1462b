import { accessProblems, applied, type Operation } from './operation.ts'
import { filters, lastEventId, limit, prefer } from './parameters.ts'
import { type Described, json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

const frames: Described = {
  description:
    'Server-sent events: `notification` with an outcome as data; `checkpoint` with `{}`, only for its id; `gap` with what is no longer kept. The id of each is the cursor behind it',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
}

// Of every route that reads from the processors.
const readProblems = [...accessProblems, 'internal', 'overloaded', 'results-unavailable', 'draining'] as const

export const getEvent: Operation = {
  operationId: 'getEvent',
  tags: ['Results'],
  summary: 'Ask for the outcome of a checkout',
  description:
    '`classified` with the outcome, or `accepted` while only this gateway knows of it. With `Prefer: wait=N` the answer comes as soon as the outcome is there.',
  parameters: [
    {
      name: 'eventId',
      in: 'path',
      required: true,
      description: 'As the answer to its POST had it',
      schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,128}$' },
    },
    prefer,
  ],
  responses: {
    200: json('Its outcome, or that it was accepted', ref('Event'), applied),
    ...problemResponses(['invalid-request', 'unknown-event', ...readProblems]),
  },
}

export const listNotifications: Operation = {
  operationId: 'listNotifications',
  tags: ['Results'],
  summary: 'List notifications',
  description:
    'The stream, when `Accept` names `text/event-stream` and does not prefer JSON. Parameters that are not listed are refused.',
  parameters: [...filters, limit, ...lastEventId],
  responses: {
    200: {
      description: 'A page, from the oldest on; fewer items than the limit: the last one for now',
      content: {
        'application/json': { schema: ref('Page') },
        ...frames.content,
      },
    },
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const streamNotifications: Operation = {
  operationId: 'streamNotifications',
  tags: ['Results'],
  summary: 'Follow notifications',
  description:
    'Resumed with the last id it misses nothing and repeats nothing, at any instance. Parameters that are not listed are refused.',
  parameters: [...filters, limit, ...lastEventId],
  responses: {
    200: frames,
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}
