import { accessProblems, type Operation } from './operation.ts'
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

// For both routes of the state of the system.
const stateProblems = problemResponses([
  'invalid-request',
  ...accessProblems,
  'internal',
  'overloaded',
  'draining',
])

export const getSystemState: Operation = {
  operationId: 'getSystemState',
  tags: ['Operation'],
  summary: 'State of the whole system',
  description: 'Requires the scope `operate`. While no processor answers, that of this gateway alone.',
  responses: { 200: json('The state of a moment ago', ref('SystemState')), ...stateProblems },
}

export const streamSystemState: Operation = {
  operationId: 'streamSystemState',
  tags: ['Operation'],
  summary: 'Follow the state of the whole system',
  description: 'Requires the scope `operate`. A slow client gets fewer states, but all events.',
  responses: {
    200: {
      description:
        'Server-sent events: first `history` with the last 15 minutes, then `state` once a second, with a point for plots and new events',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    ...stateProblems,
  },
}
