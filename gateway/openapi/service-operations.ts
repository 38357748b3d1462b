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
  'Does this instance answer?',
  'Says nothing of Kafka: its absence is no reason to restart.',
)

export const isReady = health(
  'isReady',
  'Can this instance do its work?',
  'Each thing that it depends on is a check; one that fails makes it 503.',
  problemResponses(['not-ready']),
)

export const getMetrics: Operation = {
  operationId: 'getMetrics',
  tags: ['Operation'],
  summary: 'What this instance has done, for Prometheus',
  description: 'Needs the scope `operate`.',
  responses: {
    200: {
      description: 'In the text format of Prometheus',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    ...problemResponses(['unauthenticated', 'forbidden']),
  },
}
