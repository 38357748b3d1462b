import { WAIT_MARGIN_MS } from '../results/read-results.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

/**
 * The outcome of an event as the processors serve it, when one has it within `seconds`. Undefined otherwise, also when
 * no processor answers: whoever waits has a checkout that is stored, and must hear of that.
 */
export async function awaitOutcome(
  results: ResultsProxy,
  request: Request,
  eventId: string,
  seconds: number,
): Promise<unknown> {
  const inTime = AbortSignal.any([request.signal, AbortSignal.timeout(seconds * 1_000 + WAIT_MARGIN_MS)])
  const headers = new Headers({ prefer: `wait=${seconds}` })
  for (const name of ['authorization', 'cookie']) {
    const credential = request.headers.get(name)
    if (credential !== null) headers.set(name, credential)
  }
  try {
    const { href } = new URL(`/checkout/${eventId}`, request.url)
    const asked = new Request(href, { headers, signal: inTime })
    const response = await results(asked)
    if (response.ok) return ((await response.json()) as { outcome: unknown }).outcome
    await response.body?.cancel()
  } catch {
    // What keeps results away is the health check's to tell.
  }
  return undefined
}
