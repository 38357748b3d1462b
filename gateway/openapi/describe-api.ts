import type { KnownAnswers } from '../../backbone/process/metrics.ts'
import { MOST_RECORDS } from '../checkout/read-batch.ts'
import { batchExamples, checkoutExamples } from './examples.ts'
import {
  checkoutPlace,
  filters,
  idempotencyKey,
  lastEventId,
  limit,
  type Parameter,
  prefer,
  preferOfBatch,
  preferOfPost,
  priority,
  signature,
  traceparent,
} from './parameters.ts'
import { type Described, json, problemResponses } from './responses.ts'
import { ref, schemas } from './schemas.ts'

/** In the order in which the page /docs shows them. */
const tags = {
  Checkouts:
    'Send checkouts. A 202 means that the checkout is stored in Kafka and will be classified exactly once.',
  Results: 'Read what became of checkouts: one by its event id, a page, or a stream of server-sent events.',
  Sessions: 'For pages: exchange a key or a token for a cookie, which an EventSource sends too.',
  Operation: 'Health and metrics of one instance.',
}

export interface Operation {
  operationId: string
  tags: [keyof typeof tags]
  summary: string
  description: string
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
const place = {
  'Checkout-Place': {
    description:
      'Send it with the retry, under the same key: whoever began earlier goes first. Only for purchases with a key',
    schema: { type: 'string' },
  },
}
const applied = {
  'Preference-Applied': { description: 'The preferences that were followed', schema: { type: 'string' } },
}
const frames: Described = {
  description:
    'Server-sent events: `notification` with an outcome as data; `checkpoint` with `{}`, only for its id; `gap` with what is no longer kept. The id of each is the cursor behind it',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
}

// Not a parameter: a fuzzer would announce gzip and send none.
const compression =
  'In UTF-8. A type that ends in +json is JSON, too. With `Content-Encoding: gzip` the body is compressed: the size limits hold for what is sent and for what it becomes, a signature is of what is sent.'

// Of whatever asks who it is.
const accessProblems = ['unauthenticated', 'forbidden', 'rate-limited'] as const
// Of whatever is read from the processors.
const readProblems = [...accessProblems, 'internal', 'overloaded', 'results-unavailable', 'draining'] as const

const postCheckout: Operation = {
  operationId: 'postCheckout',
  tags: ['Checkouts'],
  summary: 'Take a checkout',
  description:
    'Answered when it is stored. Sent again, under the same key or with the same body, it is the same event. A key is a customer’s: another customer’s checkout under it is another event, and so is a visit under the key of a purchase.',
  parameters: [idempotencyKey, preferOfPost, priority, checkoutPlace, traceparent, signature],
  requestBody: {
    required: true,
    description: compression,
    content: { 'application/json': { schema: ref('Checkout'), examples: checkoutExamples } },
  },
  responses: {
    200: json('With `Prefer: wait`: stored, and classified in time', ref('Classified'), {
      ...location,
      ...applied,
    }),
    202: json('Stored', ref('Accepted'), { ...location, ...applied }),
    ...problemResponses(
      [
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
      ],
      { 503: place },
    ),
  },
}

const postBatch: Operation = {
  operationId: 'postBatch',
  tags: ['Checkouts'],
  summary: 'Take many checkouts',
  description: `Up to ${MOST_RECORDS}; each has its own result, in order, and one that is faulty harms no other.`,
  parameters: [
    {
      ...idempotencyKey,
      description:
        'Identifies each record without a key of its own together with its body, wherever the record stands: the result names the key that is made of both',
    },
    preferOfBatch,
    priority,
    checkoutPlace,
    traceparent,
    signature,
  ],
  requestBody: {
    required: true,
    description: compression,
    content: {
      'application/json': {
        schema: { type: 'array', minItems: 1, maxItems: MOST_RECORDS, items: ref('Checkout') },
        examples: batchExamples.json,
      },
      'application/x-ndjson': {
        schema: { type: 'string', description: 'One JSON object a line' },
        examples: batchExamples.ndjson,
      },
    },
  },
  responses: {
    202: json('All were accepted', ref('BatchResults'), applied),
    207: json('Some were accepted', ref('BatchResults'), applied),
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
      { 503: place },
      ref('BatchProblem'),
    ),
  },
}

const getEvent: Operation = {
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

const listNotifications: Operation = {
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

const streamNotifications: Operation = {
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

const openSession: Operation = {
  operationId: 'openSession',
  tags: ['Sessions'],
  summary: 'Turn a key or a token into a cookie',
  description: 'For pages: a browser sends the cookie with an EventSource too, and no script can read it.',
  responses: {
    200: json('What the cookie is good for, and until when', ref('Session')),
    ...problemResponses(['unauthenticated', 'rate-limited', 'overloaded']),
  },
}

const closeSession: Operation = {
  operationId: 'closeSession',
  tags: ['Sessions'],
  summary: 'Delete the cookie in the browser',
  description:
    'Sessions are signed tokens that no server keeps: a copy of the cookie stays valid until it expires (8 hours at most) or its key is removed.',
  security: [],
  responses: { 204: { description: 'The browser is told to delete the cookie' } },
}

const health = (
  operationId: string,
  summary: string,
  description: string,
  responses: Operation['responses'] = {},
): Operation => ({
  operationId,
  tags: ['Operation'],
  summary,
  description,
  security: [],
  responses: { 200: json('Yes', ref('Health')), ...responses },
})

const getMetrics: Operation = {
  operationId: 'getMetrics',
  tags: ['Operation'],
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
      contact: { name: 'The maintainers of the checkout gateway' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    // The last: where there are no keys, everyone may do everything.
    security: [{ key: [] }, { session: [] }, {}],
    paths: {
      '/checkout': { post: postCheckout },
      '/checkout/batch': { post: postBatch },
      '/checkout/{eventId}': { get: getEvent },
      '/notifications': { get: listNotifications },
      '/notifications/stream': { get: streamNotifications },
      '/session': { post: openSession, delete: closeSession },
      '/health/live': {
        get: health(
          'isAlive',
          'Does this instance answer?',
          'Says nothing of Kafka: its absence is no reason to restart.',
        ),
      },
      '/health/ready': {
        get: health(
          'isReady',
          'Can this instance do its work?',
          'Each thing that it depends on is a check; one that fails makes it 503.',
          problemResponses(['not-ready']),
        ),
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

/** What each route is described to answer, by the names that Hono gives to routes. */
export const answersOf = ({ paths }: ApiDescription): KnownAnswers[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries<Operation>(operations).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      route: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      statuses: Object.keys(responses).map(Number),
    })),
  )
