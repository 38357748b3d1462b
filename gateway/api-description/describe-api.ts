import { MOST_RECORDS } from '../read-batch.ts'
import {
  checkoutPlace,
  filters,
  idempotencyKey,
  lastEventId,
  limit,
  type Parameter,
  prefer,
  priority,
  signature,
  traceparent,
} from './parameters.ts'
import { type Described, json, problemResponses } from './responses.ts'
import { ref, schemas } from './schemas.ts'

export interface Operation {
  operationId: string
  summary: string
  description?: string
  parameters?: Parameter[]
  requestBody?: unknown
  /** Empty: nobody is asked who they are. */
  security?: []
  responses: Record<string, Described>
}

const location = {
  Location: { description: 'Where its outcome will be', schema: { type: 'string' } },
  'Idempotent-Replayed': { description: '`true`: this answer was given before', schema: { const: 'true' } },
}
const applied = {
  'Preference-Applied': { description: 'How long it would have waited', schema: { type: 'string' } },
}
const frames: Described = {
  description:
    'Server-sent events: `notification` with an outcome as data, `gap` with what is no longer kept; each frame has the cursor as its id',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
}

// Of whatever asks who it is.
const accessProblems = ['unauthenticated', 'forbidden', 'rate-limited'] as const
// Of whatever is read from the processors.
const readProblems = [...accessProblems, 'internal', 'overloaded', 'results-unavailable', 'draining'] as const

const postCheckout: Operation = {
  operationId: 'postCheckout',
  summary: 'Take a checkout',
  description:
    'Answered when it is stored. Sent again, under the same key or with the same body, it is the same event.',
  parameters: [idempotencyKey, prefer, priority, checkoutPlace, traceparent, signature],
  requestBody: { required: true, content: { 'application/json': { schema: ref('Checkout') } } },
  responses: {
    200: json('With `Prefer: wait`: stored, and classified in time', ref('Classified'), {
      ...location,
      ...applied,
    }),
    202: json('Stored', ref('Accepted'), location),
    ...problemResponses([
      ...accessProblems,
      'bad-signature',
      'malformed-json',
      'invalid-request',
      'body-timeout',
      'body-too-large',
      'record-too-large',
      'unsupported-media-type',
      'invalid-checkout',
      'idempotency-key-reused',
      'internal',
      'overloaded',
      'kafka-unavailable',
    ]),
  },
}

const postBatch: Operation = {
  operationId: 'postBatch',
  summary: 'Take many checkouts',
  description: `Up to ${MOST_RECORDS}; each has its own result, in order, and one that is faulty harms no other.`,
  parameters: [
    {
      ...idempotencyKey,
      description: 'Records without a key of their own are numbered under it: `<key>/0` and so on',
    },
    priority,
    checkoutPlace,
    traceparent,
    signature,
  ],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: { type: 'array', minItems: 1, maxItems: MOST_RECORDS, items: ref('BatchRecord') },
      },
      'application/x-ndjson': { schema: { type: 'string', description: 'One JSON object a line' } },
    },
  },
  responses: {
    202: json('All were accepted', ref('BatchResults')),
    207: json('Some were accepted', ref('BatchResults')),
    ...problemResponses(
      [
        ...accessProblems,
        'bad-signature',
        'malformed-json',
        'invalid-request',
        'body-timeout',
        'batch-too-large',
        'body-too-large',
        'unsupported-media-type',
        'invalid-batch',
        'batch-refused',
        'overloaded',
        'batch-not-stored',
      ],
      ref('BatchProblem'),
    ),
  },
}

const getEvent: Operation = {
  operationId: 'getEvent',
  summary: 'Ask for the outcome of a checkout',
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
    ...problemResponses(['unknown-event', ...readProblems]),
  },
}

const listNotifications: Operation = {
  operationId: 'listNotifications',
  summary: 'List notifications',
  description: 'With `Accept: text/event-stream` the stream.',
  parameters: [...filters, limit],
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

const streamNotifications: Operation = {
  operationId: 'streamNotifications',
  summary: 'Follow notifications',
  description: 'Resumed with the last id it misses nothing and repeats nothing, at any instance.',
  parameters: [...filters, lastEventId],
  responses: {
    200: frames,
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

const openSession: Operation = {
  operationId: 'openSession',
  summary: 'Turn a key or a token into a cookie',
  description: 'For pages: a browser sends the cookie with an EventSource too, and no script can read it.',
  responses: {
    200: json('What the cookie is good for, and until when', ref('Session')),
    ...problemResponses(['unauthenticated', 'rate-limited', 'overloaded']),
  },
}

const closeSession: Operation = {
  operationId: 'closeSession',
  summary: 'Delete the cookie in the browser',
  description:
    'Sessions are signed tokens that no server keeps: a copy of the cookie stays valid until it expires (8 hours at most) or its key is removed.',
  security: [],
  responses: { 204: { description: 'The browser is told to delete the cookie' } },
}

const health = (operationId: string, summary: string, responses: Operation['responses'] = {}): Operation => ({
  operationId,
  summary,
  security: [],
  responses: { 200: json('Yes', ref('Health')), ...responses },
})

const getMetrics: Operation = {
  operationId: 'getMetrics',
  summary: 'What this instance has done, for Prometheus',
  description: 'Needs the scope `operate`.',
  responses: {
    200: {
      description: 'In the text format of Prometheus',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    ...problemResponses(['unauthenticated', 'forbidden']),
  },
}

/** The API as OpenAPI 3.1 describes it. */
export function describeApi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Checkout gateway',
      version: '1',
      description:
        'Takes checkouts, stores them before it answers, and tells what became of them. Errors are problem+json (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    // The last: where there are no keys, everyone may do everything.
    security: [{ key: [] }, { session: [] }, {}],
    paths: {
      '/checkout': { post: postCheckout },
      '/checkout/batch': { post: postBatch },
      '/checkout/{eventId}': { get: getEvent },
      '/notifications': { get: listNotifications },
      '/notifications/stream': { get: streamNotifications },
      '/session': { post: openSession, delete: closeSession },
      '/health/live': { get: health('isAlive', 'Does this instance answer?') },
      '/health/ready': {
        get: health('isReady', 'Can this instance do its work?', problemResponses(['not-ready'])),
      },
      '/metrics': { get: getMetrics },
    } satisfies Record<string, Record<string, Operation>>,
    components: {
      schemas,
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a token that is signed with one',
        },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session', description: 'From POST /session' },
      },
    },
  }
}

export type ApiDescription = ReturnType<typeof describeApi>
