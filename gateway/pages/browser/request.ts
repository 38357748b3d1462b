import type { Problem } from '../../../backbone/problem.ts'
import type { Fault } from '../../../backbone/records/fault.ts'
import { problemText } from '../text/problem-text.ts'
import { texts } from './texts.ts'

/** An answer that is not 2xx, or no answer. Its message can be shown. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  /** Undefined: no answer. */
  readonly problem: Problem | undefined

  constructor(problem: Problem | undefined) {
    super(problem ? problemText(texts, problem) : texts.shell.requestFailed)
    this.problem = problem
  }
}

/**
 * Asks this gateway. Throws {@link RequestError}. A session that has ended reloads the page, which then shows the
 * log-in form.
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error
    throw new RequestError(undefined)
  })
  if (response.status === 401) location.reload()
  if (!response.ok) throw new RequestError(await problemOf(response))
  return response
}

export async function requestJson<Body>(path: string, init?: RequestInit): Promise<Body> {
  return (await (await request(path, init)).json()) as Body
}

/** POSTs a JSON body. */
export const sendJson = <Body>(path: string, body: unknown): Promise<Body> =>
  requestJson<Body>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText, headers } = response
  if (headers.get('content-type')?.includes('json')) return (await response.json()) as Problem
  return { type: 'about:blank', title: `HTTP ${status} ${statusText}`.trim(), status }
}

/** What is wrong with the fields that were sent; undefined: it failed for another reason. */
export const faultsOf = (error: unknown): readonly Fault[] | undefined =>
  error instanceof RequestError ? error.problem?.errors : undefined

/** What to show of an error. */
export const failureText = (error: unknown): string =>
  error instanceof RequestError ? error.message : String(error)
