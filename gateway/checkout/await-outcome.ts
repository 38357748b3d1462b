import { canonicalCheckout } from '../../backbone/records/checkout.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import { credentialsOf } from '../results/credentials-of.ts'
import { WAIT_MARGIN_MS } from '../results/read-results.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

/** The record in which a checkout was stored. */
interface StoredRecord {
  eventId: string
  partition: number
  offset: number
  /** The canonical checkout. */
  value: string
}

/**
 * The outcome of a stored record, if a processor has it within `seconds`. Undefined otherwise, also if no
 * processor responds: the checkout is stored, and the client must learn that. An event id may already have
 * the outcome of another body that this gateway does not know; it is not returned.
 */
export async function awaitOutcome(
  results: ResultsProxy,
  { request, requestId, trace }: { request: Request; requestId: string; trace: TraceContext | undefined },
  stored: StoredRecord,
  seconds: number,
): Promise<unknown> {
  const inTime = AbortSignal.any([request.signal, AbortSignal.timeout(seconds * 1_000 + WAIT_MARGIN_MS)])
  const headers = credentialsOf(request)
  headers.set('prefer', `wait=${seconds}`)
  try {
    const { href } = new URL(`/checkout/${stored.eventId}`, request.url)
    const asked = new Request(href, { headers, signal: inTime })
    const response = await results(asked, requestId, trace)
    if (response.ok) {
      const { outcome, copied = false } = (await response.json()) as { outcome: Outcome; copied?: boolean }
      return isOf(outcome, copied, stored) ? outcome : undefined
    }
    await response.body?.cancel()
  } catch {
    // The health check reports unavailable results.
  }
  return undefined
}

/** The body may be masked, so the position counts, too; but not that of an outcome which was copied from another cluster. */
const isOf = (
  { source, checkout }: Outcome,
  copied: boolean,
  { partition, offset, value }: StoredRecord,
): boolean =>
  (!copied && source.partition === partition && source.offset === offset) ||
  (checkout !== null && canonicalCheckout(checkout) === value)
