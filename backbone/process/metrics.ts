import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { collectDefaultMetrics, Gauge, Histogram, type HistogramConfiguration, Registry } from 'prom-client'
import { sampledTraceId, type TraceContext } from '../tracing/trace-context.ts'
import type { TraceRequest } from '../tracing/trace-requests.ts'

// From a gateway's usual latency to that of a Kafka leader election.
export const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

// To compute these, Bun walks its whole heap (oven-sh/bun#42200) and blocks: 36 ms at 600,000 objects.
// Process memory and heap size give the same information.
const COSTLY = ['total', 'used', 'available'].map((size) => `nodejs_heap_space_size_${size}_bytes`)
// Gauges named like counters, which `promtool check metrics` rejects: the sums of nodejs_active_handles and
// similar metrics.
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

/** Default metrics of this process: memory, descriptors, CPU time and event-loop lag. */
export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of [...COSTLY, ...MISNAMED]) registry.removeSingleMetric(name)
  return registry
}

/** A gauge that is read only when the metrics are collected. */
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

/**
 * A histogram with exemplars: observe `{ labels, value, exemplarLabels }`, see {@link traceExemplar}. They are printed in
 * OpenMetrics only.
 */
export function exemplarHistogram<Label extends string>(
  registry: Registry,
  configuration: Omit<HistogramConfiguration<Label>, 'enableExemplars' | 'registers'>,
): Histogram<Label> {
  // With `registers`, prom-client rejects exemplars in a registry that also prints the text format.
  const histogram = new Histogram({ ...configuration, enableExemplars: true, registers: [] })
  registry.registerMetric(histogram)
  return histogram
}

const NO_EXEMPLAR = {}

/** The labels of an exemplar: by the trace id one finds what took so long. None for a trace that is not recorded. */
export function traceExemplar(trace: TraceContext | undefined): Readonly<Record<string, string>> {
  const id = sampledTraceId(trace)
  return id === undefined ? NO_EXEMPLAR : { trace_id: id }
}

/** The statuses with which a route can answer. */
export interface KnownAnswers {
  method: string
  route: string
  statuses: readonly number[]
}

interface Watchers {
  /** Gets each answer, and when its request began and it ended, by `performance.now()`. */
  answered?: (context: Context, began: number, ended: number) => void
  /** Undefined: without traces. */
  trace?: TraceRequest | undefined
}

/**
 * Counts requests and measures the time to the start of their answers. The label is the route, never a path
 * with an event id. Known answers exist from the start, at 0: an alert on the first 503 needs a 0 before it.
 */
export function measureRequests(
  registry: Registry,
  known: readonly KnownAnswers[],
  { answered, trace }: Watchers = {},
): MiddlewareHandler {
  const seconds = exemplarHistogram(registry, {
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the start of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
  })
  for (const { method, route, statuses } of known) {
    for (const status of statuses) seconds.zero({ method, route, status })
  }
  return async (context, next) => {
    const began = performance.now()
    const endTrace = trace?.(context)
    await next()
    const ended = performance.now()
    endTrace?.()
    const { method } = context.req
    seconds.observe({
      labels: { method, route: routePath(context), status: context.res.status },
      value: (ended - began) / 1_000,
      exemplarLabels: traceExemplar(context.get('trace') as TraceContext | undefined),
    })
    answered?.(context, began, ended)
  }
}
