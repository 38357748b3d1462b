import { type Span, SpanStatusCode } from '@opentelemetry/api'
import { attribute } from './attributes.ts'
import type { TraceContext } from './trace-context.ts'
import type { TracedSpan } from './tracing.ts'

export function toTracedSpan(span: Span): TracedSpan {
  return {
    context: contextOf(span),
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    end(error) {
      if (error !== undefined)
        span.setAttribute(attribute.errorType, error).setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

function contextOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  const flags = traceFlags.toString(16).padStart(2, '0')
  const tracestate = traceState?.serialize() ?? ''
  return {
    traceparent: `00-${traceId}-${spanId}-${flags}`,
    ...(tracestate === '' ? {} : { tracestate }),
  }
}
