import type { FaultName } from '../inject/fault-names.ts'
import type { LoadEvidence } from '../run-load.ts'
import type { UnexpectedEnd } from '../system/part.ts'
import { type Violation, violationOf } from './violation.ts'

/**
 * A broker with a full disk ends itself, and so does a processor with a damaged read model; both are
 * restarted.
 */
const excusedBy: Partial<Record<FaultName, (part: string) => boolean>> = {
  'disk-full': (part) => part.startsWith('kafka'),
  'corrupt-view': (part) => part.startsWith('processor'),
}

const EXCUSED_FOR_MS = 120_000

/** Everything that was affected serves again, nothing ended unexpectedly, and all work was done. */
export function wasRecovered(evidence: LoadEvidence, unexpectedEnds: UnexpectedEnd[]): Violation[] {
  const { injected, storefront, noLagAfterMs } = evidence
  const excused = ({ part, at }: UnexpectedEnd) =>
    injected.some(
      ({ name, targets, injectedAt, healedAt }) =>
        targets.includes(part) &&
        at >= injectedAt &&
        at <= healedAt + EXCUSED_FOR_MS &&
        excusedBy[name]?.(part),
    )
  const found: Violation[] = []
  const unrecovered = (what: string) => found.push(violationOf('recovery', what))
  for (const { name, targets, failure } of injected) {
    if (failure !== undefined) unrecovered(`${name} ${targets.join(' ')}: ${failure}`)
  }
  for (const end of unexpectedEnds) {
    if (!excused(end)) {
      unrecovered(`${end.part} ended unexpectedly: ${end.how}, at ${new Date(end.at).toISOString()}`)
    }
  }
  if (storefront.givenUp > 0) {
    unrecovered(`${storefront.givenUp} checkouts were never acknowledged despite retries`)
  }
  if (noLagAfterMs === undefined) unrecovered('records have no outcome')
  if (storefront.withoutRetryAfter > 0) {
    unrecovered(`${storefront.withoutRetryAfter} answers of 503 had no Retry-After`)
  }
  return found
}

/** The same request to the same gateway process is answered with the same bytes. */
export function findBrokenReplays({ storefront }: LoadEvidence): Violation[] {
  return storefront.brokenReplays.map(({ key, gateway, expected, got, replayedHeader }) =>
    violationOf(
      'replay',
      `gateway ${gateway + 1} did not replay the answer of ${key} (Idempotent-Replayed: ${replayedHeader ?? 'none'}): ${got}, before: ${expected}`,
    ),
  )
}

const CUT_WITHIN_MS = 1_000

/**
 * While too few replicas are in sync, nothing may be acknowledged: it would be on one disk only. Judged by
 * checkouts that were first sent during that time: an earlier answer may have been in flight, and a retry
 * gets the stored answer.
 */
export function findUnsafeAcknowledgements({
  injected,
  storefront: { acks },
}: Pick<LoadEvidence, 'injected'> & {
  storefront: Pick<LoadEvidence['storefront'], 'acks'>
}): Violation[] {
  const found: Violation[] = []
  for (const { name, injectedAt, healedAt } of injected) {
    if (name !== 'below-min-isr') continue
    const unsafe = acks.at.filter(
      (at, i) => acks.attempts[i] === 1 && (acks.began[i] ?? 0) > injectedAt + CUT_WITHIN_MS && at < healedAt,
    )
    if (unsafe.length === 0) continue
    const what = `${unsafe.length} were acknowledged with too few in-sync replicas`
    found.push(violationOf('acknowledged-not-lost', what))
  }
  return found
}
