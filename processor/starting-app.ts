import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { Access, AccessEnv } from '../backbone/access/authenticate.ts'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { otherMethods } from '../backbone/http/method-not-allowed.ts'
import { rejectForeignRequests } from '../backbone/http/reject-foreign-requests.ts'
import { requestId } from '../backbone/http/request-id.ts'
import { serviceRoutes } from '../backbone/http/service-routes.ts'
import { ProblemError } from '../backbone/problem.ts'

interface StartingOptions {
  access: Access
  /** Accepted host names besides those of loopback; undefined: any. */
  allowedHosts: readonly string[] | undefined
  checks: () => HealthCheck[]
  onError: (error: unknown, requestId: string) => void
  registry: Registry
}

// All routes of the app that follows: a gateway that gets a 503 asks the next processor, one that gets a 404 does not.
const reads = {
  read: [
    '/checkout/:eventId',
    '/checkouts',
    '/notifications',
    '/notifications/stream',
    '/notifications/export',
    '/insights/slow',
  ],
  operate: [
    '/checkouts/:eventId/timeline',
    '/checkouts/:eventId/deliveries',
    '/dead-letters',
    '/dead-letters/:id',
    '/operations',
    '/operations/stream',
    '/forecast',
    '/messages',
  ],
} as const
const operations = [
  ['/forecast/events', 'POST'],
  ['/forecast/events/:id', 'DELETE'],
  ['/messages/preview', 'POST'],
  ['/operations/partitions', 'GET', 'HEAD', 'POST'],
] as const

/** The app of a processor until Kafka has described the topics: it is live, and has no results yet. */
export function createStartingApp(options: StartingOptions): Hono<AccessEnv> {
  const { access, allowedHosts, checks, onError, registry } = options
  const app = new Hono<AccessEnv>({ strict: false })
  app.use(requestId)
  if (allowedHosts) app.use(rejectForeignRequests({ hosts: allowedHosts, origins: [] }))
  for (const [scope, paths] of Object.entries(reads) as [keyof typeof reads, readonly string[]][]) {
    for (const path of paths) {
      app.get(path, access.requires(scope), unavailable)
      app.all(path, otherMethods('GET', 'HEAD'))
    }
  }
  for (const [path, ...methods] of operations) {
    app.on(methods, path, access.requires('operate'), unavailable)
    app.all(path, otherMethods(...methods))
  }
  serviceRoutes(app, { checks, onInternal: onError, registry, mayOperate: access.requires('operate') })
  return app
}

function unavailable(): never {
  throw new ProblemError('results-unavailable', { detail: 'this processor is waiting for Kafka' })
}
