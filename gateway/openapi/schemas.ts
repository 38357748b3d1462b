import { scopes } from '../../backbone/access/identity.ts'
import { slowPurchasesSchema } from '../../backbone/insights/slow-purchases.ts'
import { problemCodes, problemType } from '../../backbone/problem.ts'
import { correctionKinds } from '../../backbone/records/correct-checkout.ts'
import { faultCodes } from '../../backbone/records/fault.ts'
import { servedOutcomeSchema } from '../../backbone/records/outcome.ts'
import { lanes } from '../../backbone/records/partition.ts'
import { MOST_WARNINGS, warningCodes } from '../../backbone/records/warning.ts'
import { MOST_RECORDS } from '../checkout/read-batch.ts'
import { reportedLoadSchema } from '../operations/reported-load.ts'
import { checkout } from './checkout-schema.ts'
import { deadLetterSchemas } from './dead-letter-schemas.ts'
import { calendarEvent, forecast, storedCalendarEvent } from './forecast-schema.ts'
import { messageSchemas } from './message-schemas.ts'
import { schemaOf } from './schema-of.ts'
import { systemState, verdict } from './system-state-schema.ts'
import { timeline } from './timeline-schema.ts'

export type JsonSchema = Record<string, unknown>

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })
export const ref = (name: keyof typeof schemas): JsonSchema => refTo(name)

const text = { type: 'string' }

const pointer = { type: 'string', description: 'JSON pointer of the field (RFC 6901)' }

const oneOf = (codes: Record<string, string>): JsonSchema => ({
  enum: Object.keys(codes),
  description: Object.entries(codes)
    .map(([code, meaning]) => `\`${code}\`: ${meaning}.`)
    .join(' '),
})

const fault = {
  type: 'object',
  required: ['pointer', 'code', 'detail'],
  properties: {
    pointer,
    code: oneOf(faultCodes),
    detail: { type: 'string', description: 'Description of the fault, without the value that was sent' },
  },
}

const correction = {
  type: 'object',
  required: ['pointer', 'correction'],
  properties: { pointer, correction: { enum: correctionKinds } },
}

const warning = {
  type: 'object',
  required: ['pointer', 'code'],
  properties: {
    pointer,
    code: oneOf(warningCodes),
    didYouMean: { type: 'string', description: 'The known field with the most similar name' },
  },
}

const warnings = {
  type: 'array',
  description: 'What is odd but no fault; absent if there is none',
  maxItems: MOST_WARNINGS,
  items: refTo('Warning'),
}

const accepted = {
  type: 'object',
  required: ['eventId', 'status', 'partition', 'offset', 'lane'],
  properties: {
    eventId: text,
    status: { const: 'accepted' },
    partition: { type: 'integer', minimum: 0 },
    offset: { type: 'integer', minimum: 0 },
    lane: { enum: lanes },
    corrections: {
      type: 'array',
      description: 'Corrections; absent if there are none',
      items: refTo('Correction'),
    },
    faults: {
      type: 'array',
      description:
        'Invalid fields of a purchase accepted with `Prefer: handling=lenient`; absent if there are none',
      items: refTo('Fault'),
    },
    warnings,
  },
}

const healthChecks: JsonSchema = {
  type: 'array',
  description: 'Dependencies of this instance; only `fail` makes it not ready',
  items: {
    type: 'object',
    required: ['name', 'status'],
    properties: {
      name: { type: 'string' },
      status: { enum: ['pass', 'warn', 'fail'] },
      detail: { type: 'string' },
    },
  },
}

const problem = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status'],
  properties: {
    type: { enum: problemCodes.map(problemType) },
    title: text,
    status: { type: 'integer' },
    detail: text,
    errors: { type: 'array', items: refTo('Fault') },
    warnings,
  },
}

const outcome = schemaOf(servedOutcomeSchema)
const loadFigures = schemaOf(reportedLoadSchema)
const slowPurchases = schemaOf(slowPurchasesSchema)

const batchResult = {
  type: 'object',
  description: 'Result of one record, as if it had been sent alone',
  required: ['status', 'retry'],
  properties: {
    status: { type: 'integer' },
    idempotencyKey: {
      type: 'string',
      description: 'The same record sent with this key, alone or in a batch, is the same event',
    },
    retry: { type: 'boolean', description: 'Whether a retry of the unchanged record can succeed' },
    // Not `const: true`: a Python client generator writes code for it that cannot be imported.
    replayed: { type: 'boolean', description: 'If present, always `true`: it was accepted before' },
    accepted: refTo('Accepted'),
    problem: refTo('Problem'),
  },
}

const results = {
  type: 'array',
  minItems: 1,
  maxItems: MOST_RECORDS,
  items: refTo('BatchResult'),
}

export const schemas = {
  SystemState: systemState,
  Verdict: verdict,
  Checkout: checkout,
  Accepted: accepted,
  Classified: {
    type: 'object',
    required: ['eventId', 'status', 'partition', 'offset', 'lane', 'outcome'],
    properties: {
      ...accepted.properties,
      status: { const: 'classified' },
      outcome: refTo('Outcome'),
    },
  },
  BatchResult: batchResult,
  BatchResults: { type: 'object', required: ['results'], properties: { results } },
  BatchProblem: {
    allOf: [refTo('Problem'), { type: 'object', properties: { results } }],
  },
  Outcome: outcome,
  Event: {
    oneOf: [
      {
        type: 'object',
        required: ['status', 'outcome'],
        properties: {
          status: { const: 'classified' },
          copied: {
            const: true,
            description:
              'The outcome was copied from another Kafka cluster: its `source` is a position on that cluster',
          },
          outcome: refTo('Outcome'),
        },
      },
      { type: 'object', required: ['status'], properties: { status: { const: 'accepted' } } },
    ],
  },
  Timeline: timeline,
  SlowPurchases: slowPurchases,
  Page: {
    type: 'object',
    required: ['items'],
    properties: {
      items: { type: 'array', items: refTo('Outcome') },
      next: {
        type: 'string',
        description:
          'Cursor of the next page. With `order=asc`, also of a stream that continues from here; with `order=desc`, absent from the last page',
      },
      remaining: {
        type: 'integer',
        description: 'With `order=desc` and `next`: how many outcomes, at most, `next` has not looked at',
      },
      newer: {
        type: 'string',
        description:
          'On the first page with `order=desc`: cursor of a stream of all later outcomes, or of pages with `order=asc`',
      },
      gap: {
        type: 'array',
        description: 'Outcomes after the cursor, in the order of the pages, that are no longer kept',
        items: {
          type: 'object',
          required: ['partition', 'from', 'to'],
          properties: {
            partition: { type: 'integer' },
            from: { type: 'integer' },
            to: { type: 'integer' },
          },
        },
      },
    },
  },
  ...deadLetterSchemas(refTo),
  ...messageSchemas,
  Session: {
    type: 'object',
    required: ['scopes'],
    properties: {
      scopes: { type: 'array', items: { enum: [...scopes] } },
      customer: { type: 'string', description: 'The only customer that it grants access to' },
      expiresAt: { type: 'string', format: 'date-time' },
    },
  },
  LoadFigures: loadFigures,
  Forecast: forecast,
  CalendarEvent: calendarEvent,
  StoredCalendarEvent: storedCalendarEvent,
  Health: {
    type: 'object',
    required: ['status'],
    properties: { status: { enum: ['ok', 'ready'] }, checks: healthChecks },
  },
  Fault: fault,
  Correction: correction,
  Warning: warning,
  Problem: problem,
} satisfies Record<string, JsonSchema>
