import type { Hono, MiddlewareHandler } from 'hono'
import type { Registry } from 'prom-client'
import type { AccessEnv } from '../access/authenticate.ts'
import { ProblemError, problemResponse, toProblem } from '../problem.ts'
import { openMetrics, prefersOpenMetrics } from '../process/open-metrics.ts'
import type { HealthCheck } from './health-check.ts'
import { otherMethods } from './method-not-allowed.ts'

interface ServiceOptions {
  /** State of the dependencies; called for each readiness request. */
  checks: () => HealthCheck[]
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
  registry: Registry
  /** Authorizes operators: metrics are for them only. */
  mayOperate: MiddlewareHandler<AccessEnv>
}

/** Routes that all services share: health, metrics, and problem answers for unknown routes and errors. */
export function serviceRoutes<AppEnv extends AccessEnv>(
  app: Hono<AppEnv>,
  { checks: readChecks, onInternal, registry, mayOperate }: ServiceOptions,
): void {
  app.get('/health/live', (context) => context.json({ status: 'ok' }))
  app.get('/health/ready', (context) => {
    const checks = readChecks()
    const failed = checks.filter(({ status }) => status === 'fail')
    if (failed.length === 0) return context.json({ status: 'ready', checks })
    const detail = failed.map(({ detail: reason, name }) => reason ?? name).join('; ')
    return problemResponse(new ProblemError('not-ready', { detail }), { checks })
  })
  app.get('/metrics', mayOperate, async (context) => {
    const { text, contentType } = prefersOpenMetrics(context.req.header('accept'))
      ? await openMetrics(registry)
      : { text: await registry.metrics(), contentType: registry.contentType }
    return context.body(text, 200, { 'content-type': contentType, vary: 'accept' })
  })
  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/health/live', readOnly)
  app.all('/health/ready', readOnly)
  app.all('/metrics', readOnly)

  app.notFound(() => problemResponse(new ProblemError('not-found')))
  app.onError((error, context) => {
    const problem = toProblem(error)
    if (problem.code === 'internal') onInternal(error, context.get('requestId'))
    return problemResponse(problem)
  })
}
