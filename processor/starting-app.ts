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

/** The app of a processor until Kafka has described the topics: it is live, and has no results yet. */
export function createStartingApp(options: StartingOptions): Hono<AccessEnv> {
  const { access, allowedHosts, checks, onError, registry } = options
  const app = new Hono<AccessEnv>()
  app.use(requestId)
  if (allowedHosts) app.use(rejectForeignRequests({ hosts: allowedHosts, origins: [] }))
  const reads = [
    ...['/checkout/:eventId', '/notifications', '/notifications/stream'].map(
      (path) => [path, 'read'] as const,
    ),
    ...['/operations', '/operations/stream', '/forecast'].map((path) => [path, 'operate'] as const),
  ]
  for (const [path, scope] of reads) {
    app.get(path, access.requires(scope), unavailable)
    app.all(path, otherMethods('GET', 'HEAD'))
  }
  // A gateway then asks the next processor.
  app.on(
    ['POST', 'DELETE'],
    ['/forecast/events', '/forecast/events/:id'],
    access.requires('operate'),
    unavailable,
  )
  serviceRoutes(app, { checks, onInternal: onError, registry, mayOperate: access.requires('operate') })
  return app
}

function unavailable(): never {
  throw new ProblemError('results-unavailable', { detail: 'this processor is waiting for Kafka' })
}
