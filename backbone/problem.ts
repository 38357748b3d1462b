/** One fault of the input, by JSON pointer (RFC 6901). */
export interface Fault {
  pointer: string
  detail: string
}

/** Every error that reaches a client. What each means is in README, under "Errors". */
export const problems = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'A header or parameter breaks its rules' },
  unauthenticated: { status: 401, title: 'This needs an API key, a token or a session that is valid' },
  'bad-signature': { status: 401, title: 'The signature of the body is missing, wrong or too old' },
  forbidden: { status: 403, title: 'The credential does not allow this' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'unknown-event': { status: 404, title: 'No event has this id' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'body-timeout': { status: 408, title: 'The body did not arrive in time' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'record-too-large': { status: 413, title: 'The checkout is larger than Kafka takes' },
  'unsupported-media-type': { status: 415, title: 'The body must be sent as application/json' },
  'invalid-checkout': { status: 422, title: 'The checkout breaks the rules of its fields' },
  'batch-too-large': { status: 422, title: 'A batch may have at most 1,000 checkouts' },
  'invalid-batch': { status: 422, title: 'The body is no list of checkouts' },
  'batch-refused': { status: 422, title: 'Every checkout of the batch is faulty' },
  'duplicate-key': { status: 422, title: 'An earlier checkout of this batch has the same idempotency key' },
  'idempotency-key-reused': { status: 422, title: 'This idempotency key was used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests of this key or address' },
  internal: { status: 500, title: 'Something failed that should not have' },
  overloaded: { status: 503, title: 'Too much is waiting to be stored; nothing was stored, retry' },
  'kafka-unavailable': {
    status: 503,
    title: 'The checkout could not be confirmed as stored; retry with the same key',
  },
  'batch-not-stored': {
    status: 503,
    title: 'No checkout of the batch could be confirmed as stored; retry with the same keys',
  },
  'results-unavailable': { status: 503, title: 'No instance can serve results now; retry' },
  'not-ready': { status: 503, title: 'This instance is not ready to serve' },
  draining: { status: 503, title: 'This instance is shutting down; retry' },
} as const

export type ProblemCode = keyof typeof problems
export const problemCodes = Object.keys(problems) as ProblemCode[]

/** The URI by which a client tells one from another (RFC 9457, section 3.1.1). */
export const problemType = (code: ProblemCode): string => `urn:problem-type:checkout:${code}`

interface ProblemExtras {
  detail?: string
  errors?: Fault[]
  headers?: Record<string, string>
  /** Whoever is refused comes behind all who wait, and has no place among them to come back to. */
  givesWay?: true
}

/** The members of RFC 9457, and `errors`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  errors?: Fault[]
}

/** An error that says which answer it is. Everything else that is thrown is `internal`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    // It is an answer, not a fault: where it was made is of no use, and costs most of what a refusal costs.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(extras.detail ?? problems[code].title)
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.extras = extras
  }
}

// Jittered, so that all who were refused in one second do not come back in another one.
const RETRY_AFTER_SECONDS = { least: 1, most: 3 }

export function problemBody({ code, extras: { detail, errors } }: ProblemError): Problem {
  const { status, title } = problems[code]
  return {
    type: problemType(code),
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  }
}

/** RFC 9457 `application/problem+json`; `extension` adds members of its own. */
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

/** RFC 6901: `~` and `/` are escaped within a segment; the whole document is the empty pointer. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
