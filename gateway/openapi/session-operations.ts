import type { Operation } from './operation.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

export const openSession: Operation = {
  operationId: 'openSession',
  tags: ['Sessions'],
  summary: 'Exchange a key or a token for a cookie',
  description:
    'For web pages: a browser sends the cookie with EventSource requests, and no script can read it.',
  responses: {
    200: json('What the cookie grants, and until when', ref('Session')),
    ...problemResponses(['unauthenticated', 'forbidden', 'rate-limited', 'overloaded']),
  },
}

export const closeSession: Operation = {
  operationId: 'closeSession',
  tags: ['Sessions'],
  summary: 'Delete the cookie in the browser',
  description:
    'Sessions are signed tokens that no server stores: a copy of the cookie stays valid until it expires (at most 8 hours) or its key is removed.',
  security: [],
  responses: {
    204: { description: 'The response deletes the cookie' },
    ...problemResponses(['forbidden']),
  },
}
