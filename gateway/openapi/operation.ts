import type { Parameter } from './parameters.ts'
import type { Described } from './responses.ts'

/** In the order of the page /docs. */
export const tags = {
  Checkouts:
    'Send checkouts. A 202 means that the checkout is stored in Kafka and will be classified exactly once.',
  Results: 'Read outcomes of checkouts: one by its event id, a page, or a stream of server-sent events.',
  'Dead letters': 'For operators: look at the records that break the rules, and send them again.',
  Messages: 'For operators: the messages to customers that are in force, and what one checkout would get.',
  Sessions: 'For web pages: exchange a key or a token for a cookie, which EventSource sends.',
  Operation: 'Health and metrics of one instance; the state of the whole system; the figures of load runs.',
}

export interface Operation {
  operationId: string
  tags: [keyof typeof tags]
  summary: string
  description: string
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: unknown
  /** Empty: no authentication. */
  security?: []
  responses: Record<string, Described>
}

export const applied = {
  'Preference-Applied': { description: 'The preferences that were applied', schema: { type: 'string' } },
}
// For every route that authenticates.
export const accessProblems = ['unauthenticated', 'forbidden', 'rate-limited'] as const
// For every route that reads from the processors.
export const readProblems = [
  ...accessProblems,
  'internal',
  'overloaded',
  'results-unavailable',
  'draining',
] as const
// For every route that takes a JSON body.
export const bodyProblems = [
  'bad-signature',
  'malformed-json',
  'body-timeout',
  'body-too-large',
  'unsupported-media-type',
] as const
