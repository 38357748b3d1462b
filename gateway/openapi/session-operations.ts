import type { Operation } from './operation.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

export const openSession: Operation = {
  operationId: 'openSession',
  tags: ['Sessions'],
  summary: 'Turn a key or a token into a cookie',
  description: 'For pages: a browser sends the cookie with an EventSource too, and no script can read it.',
  responses: {
    200: json('What the cookie is good for, and until when', ref('Session')),
    ...problemResponses(['unauthenticated', 'forbidden', 'rate-limited', 'overloaded']),
  },
}

export const closeSession: Operation = {
  operationId: 'closeSession',
  tags: ['Sessions'],
  summary: 'Delete the cookie in the browser',
  description:
    'Sessions are signed tokens that no server keeps: a copy of the cookie stays valid until it expires (8 hours at most) or its key is removed.',
  security: [],
  responses: {
    204: { description: 'The browser is told to delete the cookie' },
    ...problemResponses(['forbidden']),
  },
}
