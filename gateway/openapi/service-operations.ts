import type { Operation } from './operation.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

const health = (
  operationId: string,
  summary: string,
  description: string,
  responses: Operation['responses'] = {},
): Operation => ({
  operationId,
  tags: ['Operation'],
  summary,
  description,
  security: [],
  responses: { 200: json('Yes', ref('Health')), ...problemResponses(['forbidden']), ...responses },
})

export const isAlive = health(
  'isAlive',
  'Liveness of this instance',
  'Does not check Kafka: an unreachable Kafka is no reason to restart.',
)

export const isReady = health(
  'isReady',
  'Readiness of this instance',
  'One check for each dependency; if one fails, the answer is 503.',
  problemResponses(['not-ready']),
)

export const getMetrics: Operation = {
  operationId: 'getMetrics',
  tags: ['Operation'],
  summary: 'Metrics of this instance, for Prometheus',
  description: 'Requires the scope `operate`.',
  responses: {
    200: {
      description: 'Prometheus text format',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    ...problemResponses(['unauthenticated', 'forbidden']),
  },
}
