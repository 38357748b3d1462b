import type { TraceContext } from './trace-context.ts'

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Kinds of OpenTelemetry. */
export type TracedKind = 'internal' | 'server' | 'producer' | 'consumer'

export interface SpanStart {
  name: string
  kind: TracedKind
  /** Undefined: a new trace. */
  parent?: TraceContext | undefined
  /** Spans of other traces that it belongs to, too. Sampled: so is a new trace that begins with them. */
  links?: readonly TraceContext[]
  attributes?: SpanAttributes
  /** Milliseconds since the epoch; now, if it is absent. */
  at?: number
}

/** A sampled span. */
export interface TracedSpan {
  /** To send along with what the span causes. */
  readonly context: TraceContext
  rename(name: string): void
  set(attributes: SpanAttributes): void
  /** `error` is the type of the error that it ended with: a class or a status, never a text. */
  end(error?: string): void
}

/**
 * Spans of this process; undefined without the settings of OpenTelemetry. Never put customer data into a span: ids of
 * events, partitions, offsets, kinds and lanes are enough.
 */
export interface Tracing {
  /** Undefined if the span is not sampled. */
  start(span: SpanStart): TracedSpan | undefined
  /** Exports the spans that wait, for two seconds at most. */
  close(): Promise<void>
}
