import { KIND } from '../../backbone/records/outcome.ts'
import { incompleteReasons, recipients } from '../../backbone/timeline/timeline.ts'

const text = { type: 'string' }
const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const offset = { type: 'integer', minimum: 0 }
const time = { type: ['string', 'null'], format: 'date-time', description: 'null if it is not known' }

const place = {
  type: 'object',
  description: 'What is not known is absent',
  properties: {
    process: { type: 'string', description: 'A gateway or processor: INSTANCE, or role and process id' },
    topic: text,
    partition: offset,
    offset,
  },
}

function step(what: string, properties: Record<string, unknown> = {}, required: string[] = []) {
  return {
    type: 'object',
    required: ['what', 'at', 'where', ...required],
    properties: { what: { const: what }, at: time, where: place, ...properties },
  }
}

function delivery(what: string) {
  const to = {
    enum: recipients,
    description:
      '`customer`: with a credential for this customer. `for-customer`: with another one, which asked for this customer or event. `reader`: an operator, or a reader of all customers',
  }
  return {
    description: 'Written to a connection; whether it arrived is not known',
    ...step(what, { to }, ['to']),
  }
}

const requestId = { type: 'string', description: 'The X-Request-Id of the request' }
const run = { type: 'string', description: 'Of the processor: another one after each start of it' }
const steps = [
  step('received', { requestId }),
  step(
    'redriven',
    {
      requestId,
      of: { type: 'string', description: 'Id of the dead letter' },
      by: { type: 'string', description: 'Id of the API key of who sent it again' },
    },
    ['of', 'by'],
  ),
  step('corrected', { corrections: { type: 'array', items: refTo('Correction') } }, ['corrections']),
  step('warned', { warnings: { type: 'array', items: refTo('Warning') } }, ['warnings']),
  step('stored', {
    directly: { const: true, description: 'By another program, straight to Kafka' },
  }),
  step('claimed', { run }, ['run']),
  step('classified', { kind: { type: 'string', pattern: KIND.source }, run }, ['kind']),
  step(
    'dead-letter',
    {
      reason: text,
      conflictsWith: { type: 'string', description: 'The event whose id was used again' },
    },
    ['reason'],
  ),
  step(
    'sent-again',
    {
      eventId: { type: 'string', description: 'What the dead letter became' },
      by: { type: 'string', description: 'Id of the API key of who sent it again' },
    },
    ['eventId', 'by'],
  ),
  step('repeated', { requestId }),
  delivery('streamed'),
  delivery('read'),
  step('conflict', { requestId, eventId: { type: 'string', description: 'Of its outcome' } }, ['eventId']),
]

/** See backbone/timeline/timeline.ts. */
export const timeline = {
  type: 'object',
  required: ['eventId', 'status', 'steps', 'incomplete'],
  properties: {
    eventId: text,
    status: { enum: ['classified', 'accepted'] },
    outcome: refTo('Outcome'),
    steps: {
      type: 'array',
      description: 'In the order in which they happened',
      items: { oneOf: steps },
    },
    searched: {
      type: 'object',
      description: 'Where repetitions and conflicts were looked for, in DataTopic; `end`: to its end',
      required: ['partition', 'from', 'to', 'end'],
      properties: { partition: offset, from: offset, to: offset, end: { type: 'boolean' } },
    },
    deliveriesSince: {
      type: 'object',
      description:
        'From when on each processor that answered remembers all deliveries: those to and for customers, and those to readers',
      required: ['customers', 'readers'],
      properties: {
        customers: { type: 'string', format: 'date-time' },
        readers: { type: 'string', format: 'date-time' },
      },
    },
    incomplete: {
      type: 'array',
      description: 'What is missing, and why; empty if nothing is',
      items: {
        type: 'object',
        required: ['reason', 'what', 'detail'],
        properties: {
          reason: { enum: incompleteReasons },
          what: { type: 'array', description: 'The steps that may be missing', items: text },
          detail: text,
        },
      },
    },
  },
}
