const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** W3C Trace Context has it that a malformed `traceparent` is passed over, never refused. */
export function wellFormedTraceParent(header: string | undefined): string | undefined {
  return header !== undefined && TRACE_PARENT.test(header) ? header : undefined
}
