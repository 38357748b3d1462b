import type { Parameter } from './parameters.ts'
import type { Described } from './responses.ts'

/** In the order in which the page /docs shows them. */
export const tags = {
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
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: unknown
  /** Empty: nobody is asked who they are. */
  security?: []
  responses: Record<string, Described>
}

export const applied = {
  'Preference-Applied': { description: 'The preferences that were followed', schema: { type: 'string' } },
}
// Of every route that authenticates.
export const accessProblems = ['unauthenticated', 'forbidden', 'rate-limited'] as const
