import { header, headerText } from '../records/headers.ts'
import type { RecordHeaders } from '../records/record.ts'

/** W3C Trace Context as it travels: in the headers of a request and of a record. */
export interface TraceContext {
  traceparent: string
  /** Absent if there is none. */
  tracestate?: string
}

const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const TRACE_ID = { from: 3, until: 35 }
const SPAN_ID = { from: 36, until: 52 }
const FLAGS_FROM = 53
const SAMPLED = 1
// Trace Context Level 2, section 3.3: at most 32 members; 512 characters are what everyone must pass on.
const LONGEST_STATE = 512
const MOST_MEMBERS = 32
const MEMBER =
  /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/** The standard requires that a malformed `traceparent` is ignored, never rejected; and a malformed `tracestate` alone. */
export function traceContextOf(
  traceparent: string | undefined,
  tracestate: () => string | undefined,
): TraceContext | undefined {
  if (traceparent === undefined || !TRACE_PARENT.test(traceparent)) return undefined
  const state = tracestate()
  return state !== undefined && isWellFormedState(state)
    ? { traceparent, tracestate: state }
    : { traceparent }
}

/** Of the first header of each name: a record may have several. */
export const traceContextIn = (headers: RecordHeaders | undefined): TraceContext | undefined =>
  headers?.[header.traceparent] === undefined
    ? undefined
    : traceContextOf(headerText(headers, header.traceparent), () => headerText(headers, header.tracestate))

/** As traceContextIn, only of a sampled trace. */
export function sampledTraceIn(headers: RecordHeaders | undefined): TraceContext | undefined {
  const context = traceContextIn(headers)
  return context && isSampled(context) ? context : undefined
}

export const traceHeaders = (context: TraceContext | undefined): Record<string, string> =>
  context === undefined ? {} : { ...context }

export const traceIdOf = ({ traceparent }: TraceContext): string =>
  traceparent.slice(TRACE_ID.from, TRACE_ID.until)

export const spanIdOf = ({ traceparent }: TraceContext): string =>
  traceparent.slice(SPAN_ID.from, SPAN_ID.until)

export const flagsOf = ({ traceparent }: TraceContext): number =>
  Number.parseInt(traceparent.slice(FLAGS_FROM), 16)

export const isSampled = (context: TraceContext): boolean => (flagsOf(context) & SAMPLED) !== 0

/** What a process passes on that did not record its part of a sampled trace. */
export const unsampled = (context: TraceContext): TraceContext => ({
  ...context,
  traceparent: `${context.traceparent.slice(0, FLAGS_FROM)}00`,
})

/** For logs and exemplars: the id of a trace that can be found, undefined for any other. */
export const sampledTraceId = (context: TraceContext | undefined): string | undefined =>
  context !== undefined && isSampled(context) ? traceIdOf(context) : undefined

function isWellFormedState(state: string): boolean {
  if (state.length > LONGEST_STATE) return false
  const members = state.split(',').map((member) => member.trim())
  return members.length <= MOST_MEMBERS && members.every((member) => member === '' || MEMBER.test(member))
}
