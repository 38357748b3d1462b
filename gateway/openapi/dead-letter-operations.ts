import { deadLetterReasons } from '../../backbone/records/dead-letter.ts'
import { applied, bodyProblems, type Operation, readProblems } from './operation.ts'
import {
  inQuery,
  limitOf,
  owner,
  type Parameter,
  period,
  prefer,
  preferOfBatch,
  preferOfPost,
  signature,
  traceparent,
  tracestate,
} from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

const sendProblems = [...readProblems, ...bodyProblems, 'invalid-request', 'invalid-redrive'] as const

const sent = {
  Location: { description: 'URL of the dead letter', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: '`true`: the same was sent again before',
    schema: { const: 'true' },
  },
  ...applied,
}

const id: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the dead letter: the event id of its `invalid` outcome',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,192}$' },
}
const reasons = deadLetterReasons.join('|')
const filters: Parameter[] = [
  owner,
  inQuery('reason', 'Reasons, comma-separated or repeated; all without it', {
    type: 'string',
    pattern: `^(?:${reasons})(?:,(?:${reasons}))*$`,
  }),
  ...period(
    'Became a dead letter at this time or later; must be before `until`',
    'Became a dead letter before this time',
  ),
  inQuery('redriven', '`true`: only those that were sent again; `false`: only the others', {
    enum: ['true', 'false'],
  }),
  limitOf('Maximum number of items'),
  inQuery('cursor', '`next` of the page before', { type: 'string' }),
]

export const listDeadLetters: Operation = {
  operationId: 'listDeadLetters',
  tags: ['Dead letters'],
  summary: 'List dead letters',
  description:
    'The records that break the rules, the newest first: of the owner of the key, or with the scope `all-owners` of all owners. Requires the scope `operate`.',
  parameters: filters,
  responses: {
    200: json(
      'A page. `next` is null at the end; before it, a page may have fewer items than the limit',
      ref('DeadLetters'),
    ),
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const getDeadLetter: Operation = {
  operationId: 'getDeadLetter',
  tags: ['Dead letters'],
  summary: 'Get a dead letter with its payload',
  description:
    'Requires the scope `operate`. Key and payload are left out without the scope `personal`. With `Prefer: wait=N` it waits up to N seconds until it was sent again.',
  parameters: [id, { ...prefer, description: '`wait=N`: at most 30 (RFC 7240)' }],
  responses: {
    200: json('The dead letter', ref('DeadLetterDetails'), applied),
    ...problemResponses(['invalid-request', 'unknown-dead-letter', ...readProblems]),
  },
}

export const redriveDeadLetter: Operation = {
  operationId: 'redriveDeadLetter',
  tags: ['Dead letters'],
  summary: 'Send a dead letter again',
  description:
    'As it is, or another checkout instead. However often it is sent, it is one event with one outcome: the first body counts. Requires the scopes `operate` and `personal`.',
  parameters: [id, preferOfPost, traceparent, tracestate, signature],
  requestBody: {
    description: 'Without a body the dead letter is sent as it is',
    content: {
      'application/json': {
        schema: { type: 'object', properties: { checkout: ref('Checkout') }, additionalProperties: false },
      },
    },
  },
  responses: {
    200: json(
      'Classified: now, within the time of `Prefer: wait`, or by an earlier request',
      ref('Redriven'),
      sent,
    ),
    202: json('Stored', ref('Redriven'), sent),
    ...problemResponses([
      ...sendProblems,
      'unknown-dead-letter',
      'record-too-large',
      'invalid-checkout',
      'already-redriven',
      'kafka-unavailable',
    ]),
  },
}

export const redriveDeadLetters: Operation = {
  operationId: 'redriveDeadLetters',
  tags: ['Dead letters'],
  summary: 'Send many dead letters again',
  description:
    'Those of a page that were not sent again yet. Repeat it with `next` as `cursor` until that is null. Repeated or begun again, it sends nothing twice. Requires the scopes `operate` and `personal`.',
  parameters: [preferOfBatch, traceparent, tracestate, signature],
  requestBody: {
    content: { 'application/json': { schema: ref('RedriveMany') } },
  },
  responses: {
    200: json('One result for each, the newest first', ref('RedriveResults')),
    ...problemResponses(['redrive-incomplete', ...sendProblems], {}, ref('RedriveProblem')),
  },
}
