import type { Fault } from './records/fault.ts'
import type { Warning } from './records/warning.ts'

/** Every error that reaches a client. docs/reference/errors.md explains each. */
export const problems = {
  'malformed-json': { status: 400, title: 'Request body is not valid JSON' },
  'invalid-request': { status: 400, title: 'Invalid header or query parameter' },
  unauthenticated: { status: 401, title: 'Authentication required' },
  'bad-signature': { status: 401, title: 'Invalid request signature' },
  forbidden: { status: 403, title: 'Forbidden' },
  'not-found': { status: 404, title: 'Not found' },
  'unknown-event': { status: 404, title: 'Event not found' },
  'unknown-dead-letter': { status: 404, title: 'Dead letter not found' },
  'unknown-calendar-event': { status: 404, title: 'Calendar event not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'body-timeout': { status: 408, title: 'Request body timeout' },
  'body-too-large': { status: 413, title: 'Request body too large' },
  'record-too-large': { status: 413, title: 'Checkout larger than Kafka takes' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'invalid-checkout': { status: 422, title: 'Checkout validation failed' },
  'batch-too-large': { status: 422, title: 'Batch has more than 1,000 checkouts' },
  'invalid-batch': { status: 422, title: 'Request body is not a list of checkouts' },
  'batch-refused': { status: 422, title: 'No checkout of the batch is valid' },
  'invalid-redrive': { status: 422, title: 'Request to send dead letters again is invalid' },
  'already-redriven': { status: 422, title: 'Dead letter was already sent again with another body' },
  'invalid-preview': { status: 422, title: 'Request for a preview of a message is invalid' },
  'invalid-figures': { status: 422, title: 'Load figures validation failed' },
  'invalid-calendar-event': { status: 422, title: 'Calendar event validation failed' },
  'partitions-refused': { status: 422, title: 'Change of the number of partitions refused' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal server error' },
  overloaded: { status: 503, title: 'Overloaded, nothing was stored; retry' },
  'kafka-unavailable': {
    status: 503,
    title: 'Checkout not confirmed as stored; retry with the same key',
  },
  'batch-not-stored': {
    status: 503,
    title: 'No checkout of the batch confirmed as stored; retry with the same keys',
  },
  'redrive-incomplete': {
    status: 503,
    title: 'Not all dead letters confirmed as stored; repeat the request',
  },
  'results-unavailable': { status: 503, title: 'Results unavailable; retry' },
  'figures-unavailable': { status: 503, title: 'Figures not published; the next ones may be' },
  'calendar-not-stored': { status: 503, title: 'Calendar event not confirmed as stored; retry' },
  'partitions-incomplete': {
    status: 503,
    title: 'Change of the number of partitions has not begun; repeat the request',
  },
  'not-ready': { status: 503, title: 'Not ready' },
  draining: { status: 503, title: 'Shutting down; retry' },
} as const

export type ProblemCode = keyof typeof problems
export const problemCodes = Object.keys(problems) as ProblemCode[]

/** The URI that identifies the kind of problem (RFC 9457, section 3.1.1). */
export const problemType = (code: ProblemCode): string => `urn:problem-type:checkout:${code}`

interface ProblemExtras {
  detail?: string
  errors?: readonly Fault[]
  /** Absent if there are none. */
  warnings?: readonly Warning[]
  headers?: Record<string, string>
  /** The request is rejected in favour of waiting ones, and gets no queue ticket. */
  givesWay?: true
}

/** The members of RFC 9457, and `errors` and `warnings`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  errors?: readonly Fault[]
  warnings?: readonly Warning[]
}

/** An error that becomes this answer. Every other thrown error becomes `internal`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    // It is an answer, not a defect. Its stack trace is useless and would be most of the cost of a rejection.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(extras.detail ?? problems[code].title)
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.extras = extras
  }
}

/** A rejection because of overload. Only purchases get a queue ticket; other requests yield to them. */
export const overloaded = (extras: Pick<ProblemExtras, 'givesWay'> = {}): ProblemError =>
  new ProblemError('overloaded', extras)

// Jittered, so that requests rejected in the same second do not all return together.
const RETRY_AFTER_SECONDS = { least: 1, most: 3 }

export function problemBody({ code, extras: { detail, errors, warnings } }: ProblemError): Problem {
  const { status, title } = problems[code]
  return {
    type: problemType(code),
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(warnings === undefined ? {} : { warnings }),
  }
}

/** RFC 9457 `application/problem+json`; `extension` adds more members. */
export function problemResponse(problem: ProblemError, extension: object = {}): Response {
  const body = problemBody(problem)
  return new Response(JSON.stringify({ ...body, ...extension }), {
    status: body.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(body.status === 503 ? { 'retry-after': String(retryAfterSeconds()) } : {}),
      ...problem.extras.headers,
    },
  })
}

function retryAfterSeconds(): number {
  const { least, most } = RETRY_AFTER_SECONDS
  return least + Math.floor(Math.random() * (most - least + 1))
}

export function toProblem(error: unknown): ProblemError {
  return error instanceof ProblemError ? error : new ProblemError('internal')
}
