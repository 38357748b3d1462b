const NAMES: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EMFILE: 'too many open files',
}

/** No answer came. The message is short and the same for equal causes: failures are counted by it. */
export class RequestError extends Error {
  override readonly name = 'RequestError'

  static from(error: unknown): RequestError {
    if (error instanceof RequestError) return error
    const { code, message } = error as NodeJS.ErrnoException
    return new RequestError(code === undefined ? message : (NAMES[code] ?? code), { cause: error })
  }
}
