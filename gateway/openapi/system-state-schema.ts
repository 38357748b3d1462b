import { verdictCodes } from '../../backbone/operations/verdict.ts'

const REQUIRED =
  'at from partial verdicts checkouts outcomes streams totals members partitions leftOut lag kafka load'.split(
    ' ',
  )

export const verdict = {
  type: 'object',
  required: ['code', 'level', 'since', 'details'],
  properties: {
    code: { enum: [...verdictCodes] },
    level: { enum: ['ok', 'warn', 'bad'] },
    since: {
      type: 'integer',
      description: 'Milliseconds since 1970; does not change while the verdict holds',
    },
    details: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
  },
}

const part = (description: string): Record<string, unknown> => ({ type: 'object', description })
const partOrNull = (description: string): Record<string, unknown> => ({
  type: ['object', 'null'],
  description,
})
const list = (description: string): Record<string, unknown> => ({
  type: 'array',
  description,
  items: { type: 'object' },
})

export const systemState = {
  type: 'object',
  required: REQUIRED,
  properties: {
    at: { type: 'integer', description: 'Milliseconds since 1970' },
    from: { type: 'string', description: 'The process that added the figures up' },
    partial: { type: 'boolean', description: 'No processor answers: the figures are those of one gateway' },
    verdicts: {
      type: 'array',
      minItems: 1,
      description: 'All that hold, the most severe first',
      items: { $ref: '#/components/schemas/Verdict' },
    },
    checkouts: partOrNull(
      'Answers per second by lane and status, latency by lane, and load of the gateways; null while none is heard',
    ),
    outcomes: partOrNull(
      'Outcomes per second by kind, and the delay from POST to notification; null while no processor is heard',
    ),
    streams: {
      type: ['integer', 'null'],
      description: 'Open event streams of notifications; null together with `outcomes`',
    },
    totals: part('Answers and outcomes since the process that adds them up started'),
    members: list('Gateways and processors'),
    partitions: list('Owner and lag of each partition of DataTopic'),
    leftOut: part('How many entries of `partitions` and of two lists of `kafka` are left out; here none'),
    lag: part('Of all partitions, in records and seconds, and when it will be cleared'),
    kafka: { type: ['object', 'null'], description: 'Brokers; null while they are not known' },
    load: list('Load runs that are going on'),
  },
}
