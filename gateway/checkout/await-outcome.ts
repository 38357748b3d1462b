import { canonicalCheckout } from '../../backbone/records/checkout.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { WAIT_MARGIN_MS } from '../results/read-results.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

/** The record that a checkout was stored as. */
interface StoredRecord {
  eventId: string
  partition: number
  offset: number
  /** Canonical. */
  value: string
}

/**
 * The outcome of a stored record as the processors serve it, when one has it within `seconds`. Undefined otherwise, also when
 * no processor answers: the client has a checkout that is stored, and must be told so. An event id may already have the outcome
 * of another body, which this gateway's window could not know: that is no answer to this one.
 */
export async function awaitOutcome(
  results: ResultsProxy,
  request: Request,
  requestId: string,
  stored: StoredRecord,
  seconds: number,
): Promise<unknown> {
  const inTime = AbortSignal.any([request.signal, AbortSignal.timeout(seconds * 1_000 + WAIT_MARGIN_MS)])
  const headers = new Headers({ prefer: `wait=${seconds}` })
  for (const name of ['authorization', 'cookie']) {
    const credential = request.headers.get(name)
    if (credential !== null) headers.set(name, credential)
  }
  try {
    const { href } = new URL(`/checkout/${stored.eventId}`, request.url)
    const asked = new Request(href, { headers, signal: inTime })
    const response = await results(asked, requestId)
    if (response.ok) {
      const { outcome } = (await response.json()) as { outcome: Outcome }
      return isOf(outcome, stored) ? outcome : undefined
    }
    await response.body?.cancel()
  } catch {
    // What keeps results away is the health check's to tell.
  }
  return undefined
}

const isOf = ({ source, checkout }: Outcome, { partition, offset, value }: StoredRecord): boolean =>
  (source.partition === partition && source.offset === offset) ||
  (checkout !== null && canonicalCheckout(checkout) === value)
