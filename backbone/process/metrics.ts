import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

// What a gateway takes when all is well, to what it takes when Kafka waits for another leader.
export const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

// Bun goes through every cell of its heap for these (oven-sh/bun#42200), and nothing is answered meanwhile: 36 ms at 600,000 objects.
// What they say, process memory and the size of the heap say too.
const COSTLY = ['total', 'used', 'available'].map((size) => `nodejs_heap_space_size_${size}_bytes`)
// Gauges with the name of a counter, which `promtool check metrics` rejects: the sums of nodejs_active_handles and the like.
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

/** Of this process: its memory, descriptors, processor time and how late its event loop is. */
export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of [...COSTLY, ...MISNAMED]) registry.removeSingleMetric(name)
  return registry
}

/** A number that is asked for only when somebody looks. */
export function watchNumber(registry: Registry, name: string, help: string, read: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    }),
  )
}

/** What a route is known to answer. */
export interface KnownAnswers {
  method: string
  route: string
  statuses: readonly number[]
}

/**
 * How many requests were answered and how soon; a stream is answered when it begins. Never by a path that names an event.
 * Known answers are there from the start, at 0: an alert on the first 503 needs a 0 before it.
 */
export function measureRequests(registry: Registry, known: readonly KnownAnswers[]): MiddlewareHandler {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the start of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
    registers: [registry],
  })
  for (const { method, route, statuses } of known) {
    for (const status of statuses) seconds.zero({ method, route, status })
  }
  return async (context, next) => {
    const began = performance.now()
    await next()
    const { method } = context.req
    seconds.observe(
      { method, route: routePath(context), status: context.res.status },
      (performance.now() - began) / 1_000,
    )
  }
}
