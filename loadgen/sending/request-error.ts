export const requestFailures = [
  'timeout',
  'connection refused',
  'connection closed',
  'unknown host',
  'too many open files',
  'malformed answer',
  'network error',
] as const

/** Why a request got no answer; failures are counted by it. */
export type RequestFailure = (typeof requestFailures)[number]

const NAMES: Record<string, RequestFailure> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EMFILE: 'too many open files',
}

/** No answer came. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly failure: RequestFailure
  /** Of the incomplete answer. */
  bytesReceived = 0
  /** Whether the request had already been sent once, over a kept connection. */
  resent = false

  /** `detail` is for readers, and not used for grouping. */
  constructor(failure: RequestFailure, detail: string = failure, options?: ErrorOptions) {
    super(detail, options)
    this.failure = failure
  }

  static from(error: unknown): RequestError {
    if (error instanceof RequestError) return error
    const { code, message } = error as NodeJS.ErrnoException
    const failure = code === undefined ? undefined : NAMES[code]
    return new RequestError(failure ?? 'network error', failure ?? message, { cause: error })
  }
}
