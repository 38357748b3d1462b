import { OWNER } from '../../backbone/access/api-key.ts'
import { deadLetterReasons } from '../../backbone/records/dead-letter.ts'
import { KIND } from '../../backbone/records/outcome.ts'
import { MOST_REDRIVEN_AT_ONCE } from '../dead-letters/read-redrive-body.ts'

type JsonSchema = Record<string, unknown>

const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const count = { type: 'integer', minimum: 0 }
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const by = { type: 'string', description: 'Id of the API key that sent it again' }

const unread = {
  ...count,
  description:
    'Newer records of the dead-letter topic that the processor has not read yet; 0: none is missing',
}

const bytes = orNull({
  type: 'object',
  description: 'As text if it is UTF-8',
  properties: { text, base64: text },
})

const become = {
  eventId: text,
  kind: { type: 'string', pattern: KIND.source },
  by,
  at: time,
}

const letter = (refTo: (name: string) => JsonSchema) => ({
  id: text,
  reason: { enum: deadLetterReasons },
  detail: { type: 'string', description: 'The header `reason`' },
  faults: { type: 'array', items: refTo('Fault') },
  source: orNull({
    type: 'object',
    description: 'Where its record was',
    required: ['topic', 'partition', 'offset'],
    properties: { topic: text, partition: count, offset: count },
  }),
  place: {
    type: 'object',
    description: 'Where it is in the dead-letter topic',
    required: ['partition', 'offset'],
    properties: { partition: count, offset: count },
  },
  owner: text,
  receivedAt: time,
  at: { ...time, description: 'When it became a dead letter' },
  size: { ...count, description: 'Bytes of its value' },
  traceparent: { type: 'string', description: 'Of its record, if that has a recorded trace' },
  redrive: {
    type: 'object',
    description: 'Present if it is itself a dead letter that was sent again',
    properties: { of: text, by, at: time },
  },
})

const required = [
  'id',
  'reason',
  'faults',
  'source',
  'place',
  'owner',
  'receivedAt',
  'at',
  'size',
  'redriven',
]

/** The schemas of the routes for dead letters. */
export function deadLetterSchemas(refTo: (name: string) => JsonSchema) {
  const results = { type: 'array', items: refTo('RedriveResult') }
  return {
    DeadLetters: {
      type: 'object',
      required: ['items', 'next', 'unread'],
      properties: { items: { type: 'array', items: refTo('DeadLetter') }, next: orNull(text), unread },
    },
    DeadLetter: {
      type: 'object',
      required,
      properties: {
        ...letter(refTo),
        redriven: orNull({ type: 'object', required: Object.keys(become), properties: become }),
      },
    },
    DeadLetterDetails: {
      type: 'object',
      required,
      properties: {
        ...letter(refTo),
        redriven: orNull({
          type: 'object',
          required: [...Object.keys(become), 'outcome'],
          properties: { ...become, outcome: refTo('Outcome') },
        }),
        key: bytes,
        payload: bytes,
        withheld: {
          type: 'array',
          description: 'What is left out without the scope `personal`',
          items: text,
        },
      },
    },
    Redriven: {
      type: 'object',
      required: ['id', 'eventId', 'status', 'partition', 'offset', 'lane'],
      properties: {
        id: text,
        eventId: text,
        status: { enum: ['accepted', 'classified'] },
        partition: count,
        offset: count,
        lane: { enum: ['purchase', 'browse'] },
        corrections: { type: 'array', items: { type: 'object' } },
        faults: { type: 'array', items: refTo('Fault') },
        warnings: { type: 'array', items: refTo('Warning') },
        redriven: { type: 'object', required: Object.keys(become), properties: become },
      },
    },
    RedriveMany: {
      type: 'object',
      additionalProperties: false,
      properties: {
        owner: { type: 'string', pattern: OWNER.source },
        reason: { type: 'array', items: { enum: deadLetterReasons } },
        since: time,
        until: time,
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: MOST_REDRIVEN_AT_ONCE,
          default: MOST_REDRIVEN_AT_ONCE,
        },
        cursor: text,
        patch: {
          type: 'object',
          description: 'JSON Merge Patch (RFC 7396): changes each checkout before it is sent',
        },
      },
    },
    RedriveResult: {
      type: 'object',
      required: ['id', 'status', 'retry'],
      properties: {
        id: text,
        status: { type: 'integer' },
        retry: { type: 'boolean', description: 'Whether a repetition can succeed' },
        replayed: { type: 'boolean', description: 'If present, always `true`: it was sent again before' },
        redriven: refTo('Redriven'),
        problem: refTo('Problem'),
      },
    },
    RedriveResults: {
      type: 'object',
      required: ['results', 'next'],
      properties: { results, next: orNull(text), unread },
    },
    RedriveProblem: { allOf: [refTo('Problem'), { type: 'object', properties: { results } }] },
  } satisfies Record<string, JsonSchema>
}
