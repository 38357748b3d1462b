import { setTimeout as sleep } from 'node:timers/promises'
import { createTraceState, ROOT_CONTEXT, type SpanContext, SpanKind, trace } from '@opentelemetry/api'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { SCHEMA_URL } from './attributes.ts'
import { createExporter } from './create-exporter.ts'
import { createSampler, skipsRoot } from './sampler.ts'
import { flagsOf, spanIdOf, type TraceContext, traceIdOf } from './trace-context.ts'
import { toTracedSpan } from './traced-span.ts'
import type { TracedKind, Tracing } from './tracing.ts'
import type { TracingSettings } from './tracing-settings.ts'

interface CreateOptions {
  role: 'gateway' | 'processor'
  instance: string
  settings: TracingSettings
  url: string
  log: Logger
}

const CLOSE_WITHIN_MS = 2_000
// Those of the SDK's defaults that bound its memory: about 2 MiB of spans. More of them are dropped.
const MOST_WAITING = 2_048
const MOST_IN_EXPORT = 512
const EXPORT_EVERY_MS = 1_000

const kinds: Record<TracedKind, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

/** Traces with the OpenTelemetry SDK. It sets none of its globals, and hooks into no module. */
export function createTracing({ role, instance, settings, url, log }: CreateOptions): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': `checkout-${role}`,
        'service.instance.id': instance,
        ...settings.OTEL_RESOURCE_ATTRIBUTES,
        ...(settings.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': settings.OTEL_SERVICE_NAME }),
      }),
    ),
    sampler: createSampler(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: createExporter({ url, headers: settings.OTEL_EXPORTER_OTLP_HEADERS, log }),
        maxQueueSize: MOST_WAITING,
        maxExportBatchSize: MOST_IN_EXPORT,
        scheduledDelayMillis: EXPORT_EVERY_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('cyberday-checkout-gateway', undefined, { schemaUrl: SCHEMA_URL })
  const isSkipped = skipsRoot(settings)
  log.info({ url, sampler: settings.OTEL_TRACES_SAMPLER }, 'Traces are exported')

  return {
    start({ name, kind, parent, links = [], attributes = {}, at }) {
      if (parent === undefined && links.length === 0 && isSkipped()) return undefined
      const options = {
        kind: kinds[kind],
        attributes,
        links: links.map((context) => ({ context: spanContextOf(context) })),
        ...(at === undefined ? {} : { startTime: at }),
      }
      const above = parent ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT
      const span = tracer.startSpan(name, options, above)
      return span.isRecording() ? toTracedSpan(span) : undefined
    },

    async close() {
      await Promise.race([
        provider.shutdown().catch(() => undefined),
        sleep(CLOSE_WITHIN_MS, undefined, { ref: false }),
      ])
    },
  }
}

const spanContextOf = (context: TraceContext): SpanContext => ({
  traceId: traceIdOf(context),
  spanId: spanIdOf(context),
  traceFlags: flagsOf(context),
  isRemote: true,
  ...(context.tracestate === undefined ? {} : { traceState: createTraceState(context.tracestate) }),
})
