import { MOST_RECORDS } from '../checkout/read-batch.ts'
import { batchExamples, checkoutExamples } from './examples.ts'
import { accessProblems, applied, type Operation } from './operation.ts'
import {
  checkoutPlace,
  idempotencyKey,
  preferOfBatch,
  preferOfPost,
  priority,
  signature,
  traceparent,
  tracestate,
} from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

const location = {
  Location: { description: 'URL of the outcome', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: '`true`: this answer is a repetition of an earlier one',
    schema: { const: 'true' },
  },
}
const ticket = {
  'Checkout-Place': {
    description:
      'Queue ticket: send it with the retry, under the same key. Earlier requests are admitted first. Only for purchases with a key',
    schema: { type: 'string' },
  },
}
// Not a parameter: a fuzzer would announce gzip without sending it.
const compression =
  'In UTF-8. A media type that ends in +json is JSON, too. With `Content-Encoding: gzip` the body is compressed. The size limits apply to the compressed and to the unpacked body; a signature covers the compressed one.'

// Of both POST routes.
const postProblems = [
  ...accessProblems,
  'bad-signature',
  'malformed-json',
  'invalid-request',
  'body-timeout',
] as const

export const postCheckout: Operation = {
  operationId: 'postCheckout',
  tags: ['Checkouts'],
  summary: 'Send a checkout',
  description:
    'The answer is sent when the checkout is stored. Sent again, with the same key or the same body, it is the same event. A key belongs to one customer: with the same key, a checkout of another customer is another event, and so is a visit if the key was used for a purchase.',
  parameters: [idempotencyKey, preferOfPost, priority, checkoutPlace, traceparent, tracestate, signature],
  requestBody: {
    required: true,
    description: compression,
    content: { 'application/json': { schema: ref('Checkout'), examples: checkoutExamples } },
  },
  responses: {
    200: json('With `Prefer: wait`: stored, and classified within that time', ref('Classified'), {
      ...location,
      ...applied,
    }),
    202: json('Stored', ref('Accepted'), { ...location, ...applied }),
    ...problemResponses(
      [
        ...postProblems,
        'body-too-large',
        'record-too-large',
        'unsupported-media-type',
        'invalid-checkout',
        'idempotency-key-reused',
        'internal',
        'overloaded',
        'kafka-unavailable',
      ],
      { 503: ticket },
    ),
  },
}

export const postBatch: Operation = {
  operationId: 'postBatch',
  tags: ['Checkouts'],
  summary: 'Send many checkouts',
  description: `Up to ${MOST_RECORDS}. Each has its own result, in order; an invalid one does not affect the others.`,
  parameters: [
    {
      ...idempotencyKey,
      description:
        'Used for records without a key of their own: the record key is derived from this key and the body of the record, not from its position. The result shows it',
    },
    preferOfBatch,
    priority,
    checkoutPlace,
    traceparent,
    tracestate,
    signature,
  ],
  requestBody: {
    required: true,
    description: compression,
    content: {
      'application/json': {
        schema: { type: 'array', minItems: 1, maxItems: MOST_RECORDS, items: ref('Checkout') },
        examples: batchExamples,
      },
      'application/x-ndjson': {
        schema: { type: 'string', description: 'One JSON object per line' },
      },
    },
  },
  responses: {
    202: json('All accepted', ref('BatchResults'), applied),
    207: json('Some accepted', ref('BatchResults'), applied),
    ...problemResponses(
      [
        ...postProblems,
        'batch-too-large',
        'body-too-large',
        'unsupported-media-type',
        'invalid-batch',
        'batch-refused',
        'overloaded',
        'batch-not-stored',
      ],
      { 503: ticket },
      ref('BatchProblem'),
    ),
  },
}
