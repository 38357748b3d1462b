import { type Operation, readProblems } from './operation.ts'
import { owner, period } from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

export const getSlowPurchases: Operation = {
  operationId: 'getSlowPurchases',
  tags: ['Results'],
  summary: 'Find out why purchases were slow',
  description:
    'Compares slow purchases with quick ones of a period and of the day before it, and says the causes in words. A credential for one customer is rejected. Unknown parameters are rejected.',
  parameters: [
    owner,
    ...period(
      'Classified at this time or later; a day before `until` by default',
      'Classified before this time; now by default',
    ),
  ],
  responses: {
    200: json('The causes, the differences and the text', ref('SlowPurchases')),
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}
