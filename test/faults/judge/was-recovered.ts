import type { FaultName } from '../inject/fault-names.ts'
import type { LoadEvidence } from '../run-load.ts'
import type { UnexpectedEnd } from '../system/part.ts'
import type { Invariant, Violation } from './violation.ts'

/** A broker whose disk is full ends itself, and so does a processor that finds its view damaged: both start again. */
const excusedBy: Partial<Record<FaultName, (part: string) => boolean>> = {
  'disk-full': (part) => part.startsWith('kafka'),
  'corrupt-view': (part) => part.startsWith('processor'),
}

const EXCUSED_FOR_MS = 120_000

const violation = (invariant: Invariant, what: string, eventIds: string[] = []): Violation => ({
  invariant,
  what,
  eventIds,
  around: [],
})

/** Everything that was hit serves again, nothing ended that was not ended on purpose, and all the work was done. */
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
  return [
    ...injected
      .filter(({ failure }) => failure !== undefined)
      .map(({ name, targets, failure }) => violation('recovery', `${name} ${targets.join(' ')}: ${failure}`)),
    ...unexpectedEnds
      .filter((end) => !excused(end))
      .map(({ part, how, at }) =>
        violation('recovery', `${part} ended by itself: ${how}, at ${new Date(at).toISOString()}`),
      ),
    ...(storefront.givenUp > 0
      ? [
          violation(
            'recovery',
            `${storefront.givenUp} checkouts were never acknowledged, however often they were sent`,
          ),
        ]
      : []),
    ...(noLagAfterMs === undefined ? [violation('recovery', 'records were left without an outcome')] : []),
    ...(storefront.withoutRetryAfter > 0
      ? [
          violation(
            'recovery',
            `${storefront.withoutRetryAfter} answers of 503 did not say when to come again`,
          ),
        ]
      : []),
    ...storefront.brokenReplays.map(({ key, gateway, expected, got, replayedHeader }) =>
      violation(
        'replay',
        `gateway ${gateway + 1} answered ${key} anew (Idempotent-Replayed: ${replayedHeader ?? 'none'}): ${got}, before: ${expected}`,
      ),
    ),
    ...acknowledgedTooFew(evidence),
  ]
}

const IN_FLIGHT_MS = 1_000

/** While too few replicas are in sync nothing may be acknowledged: it would be on one disk only. */
function acknowledgedTooFew({ injected, storefront }: LoadEvidence): Violation[] {
  return injected
    .filter(({ name }) => name === 'below-min-isr')
    .flatMap(({ injectedAt, healedAt }) => {
      const acknowledged = storefront.acks.at.filter(
        (at) => at > injectedAt + IN_FLIGHT_MS && at < healedAt,
      ).length
      return acknowledged > 0
        ? [
            violation(
              'acknowledged-not-lost',
              `${acknowledged} were acknowledged with too few replicas in sync`,
            ),
          ]
        : []
    })
}
