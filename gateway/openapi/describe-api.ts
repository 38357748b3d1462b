import type { KnownAnswers } from '../../backbone/process/metrics.ts'
import { postBatch, postCheckout } from './checkout-operations.ts'
import {
  getDeadLetter,
  listDeadLetters,
  redriveDeadLetter,
  redriveDeadLetters,
} from './dead-letter-operations.ts'
import { addCalendarEvent, getForecast, removeCalendarEvent } from './forecast-operations.ts'
import { getSlowPurchases } from './insights-operations.ts'
import { getMessages, previewMessage } from './message-operations.ts'
import { type Operation, tags } from './operation.ts'
import { getPartitions, growPartitions, postLoadFigures } from './operations-operations.ts'
import { requestId } from './parameters.ts'
import {
  exportNotifications,
  getEvent,
  getTimeline,
  listCheckouts,
  listNotifications,
  streamNotifications,
} from './result-operations.ts'
import { schemas } from './schemas.ts'
import { getMetrics, getSystemState, isAlive, isReady, streamSystemState } from './service-operations.ts'
import { closeSession, openSession } from './session-operations.ts'

/** Every operation accepts a request id and returns one. */
const identified = (operation: Operation): Operation => ({
  ...operation,
  parameters: [...(operation.parameters ?? []), { $ref: '#/components/parameters/RequestId' }],
  responses: Object.fromEntries(
    Object.entries(operation.responses).map(([status, response]) => [
      status,
      {
        ...response,
        headers: { ...response.headers, 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
      },
    ]),
  ),
})

/** The API as an OpenAPI 3.1 document. */
export function describeApi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Checkout gateway',
      version: '1',
      description:
        'Accepts checkouts, stores them before it answers, and serves their outcomes. Errors are problem+json (RFC 9457).',
      contact: { name: 'The maintainers of the checkout gateway' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    // The empty object: without configured keys, no credential is needed.
    security: [{ key: [] }, { session: [] }, {}],
    paths: {
      '/checkout': { post: identified(postCheckout) },
      '/checkout/batch': { post: identified(postBatch) },
      '/checkout/{eventId}': { get: identified(getEvent) },
      '/checkouts': { get: identified(listCheckouts) },
      '/checkouts/{eventId}/timeline': { get: identified(getTimeline) },
      '/notifications': { get: identified(listNotifications) },
      '/notifications/stream': { get: identified(streamNotifications) },
      '/dead-letters': { get: identified(listDeadLetters) },
      '/dead-letters/{id}': { get: identified(getDeadLetter) },
      '/dead-letters/{id}/redrive': { post: identified(redriveDeadLetter) },
      '/dead-letters/redrive': { post: identified(redriveDeadLetters) },
      '/notifications/export': { get: identified(exportNotifications) },
      '/insights/slow': { get: identified(getSlowPurchases) },
      '/operations': { get: identified(getSystemState) },
      '/operations/stream': { get: identified(streamSystemState) },
      '/forecast': { get: identified(getForecast) },
      '/forecast/events': { post: identified(addCalendarEvent) },
      '/forecast/events/{id}': { delete: identified(removeCalendarEvent) },
      '/messages': { get: identified(getMessages) },
      '/messages/preview': { post: identified(previewMessage) },
      '/session': { post: identified(openSession), delete: identified(closeSession) },
      '/operations/load': { post: identified(postLoadFigures) },
      '/operations/partitions': { get: identified(getPartitions), post: identified(growPartitions) },
      '/health/live': { get: identified(isAlive) },
      '/health/ready': { get: identified(isReady) },
      '/metrics': { get: identified(getMetrics) },
    } satisfies Record<string, Record<string, Operation>>,
    components: {
      schemas,
      parameters: { RequestId: requestId },
      headers: {
        RequestId: { description: 'Identifies the request in logs', schema: { type: 'string' } },
      },
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a token signed with one',
        },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-session', description: 'From POST /session' },
      },
    },
  }
}

export type ApiDescription = ReturnType<typeof describeApi>

/** The documented statuses of each route, with Hono's route names. */
export const answersOf = ({ paths }: ApiDescription): KnownAnswers[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries<Operation>(operations).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      route: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      statuses: Object.keys(responses).map(Number),
    })),
  )
