import type { Hono, MiddlewareHandler } from 'hono'
import type { Registry } from 'prom-client'
import type { AccessEnv } from './access/authenticate.ts'
import { otherMethods } from './other-methods.ts'
import { ProblemError, problemResponse, toProblem } from './problem.ts'

interface ServiceOptions {
  /** What keeps this process from serving, or undefined when it can. */
  notReady: () => ProblemError | undefined
  /** Told of what is nobody's fault but ours. */
  onInternal: (error: unknown) => void
  registry: Registry
  /** What the process does is for those who run it. */
  mayOperate: MiddlewareHandler<AccessEnv>
}

/** What every service answers alike: its health, its metrics, and a problem wherever there is nothing else to say. */
export function serviceRoutes<AppEnv extends AccessEnv>(
  app: Hono<AppEnv>,
  { notReady, onInternal, registry, mayOperate }: ServiceOptions,
): void {
  app.get('/health/live', (context) => context.json({ status: 'ok' }))
  app.get('/health/ready', (context) => {
    const problem = notReady()
    if (problem) throw problem
    return context.json({ status: 'ready' })
  })
  app.get('/metrics', mayOperate, async (context) =>
    context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/health/live', readOnly)
  app.all('/health/ready', readOnly)
  app.all('/metrics', readOnly)

  app.notFound(() => problemResponse(new ProblemError('not-found')))
  app.onError((error) => {
    const problem = toProblem(error)
    if (problem.code === 'internal') onInternal(error)
    return problemResponse(problem)
  })
}
