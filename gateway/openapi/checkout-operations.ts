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
} from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

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
// Not a parameter: a fuzzer would announce gzip and send none.
const compression =
  'In UTF-8. A type that ends in +json is JSON, too. With `Content-Encoding: gzip` the body is compressed: the size limits hold for what is sent and for what it becomes, a signature is of what is sent.'

export const postCheckout: Operation = {
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

export const postBatch: Operation = {
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
        examples: batchExamples,
      },
      'application/x-ndjson': {
        schema: { type: 'string', description: 'One JSON object a line' },
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
