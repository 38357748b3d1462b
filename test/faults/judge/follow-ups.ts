import type { OutcomeKind } from '../../../backbone/records/outcome.ts'
import { createFindings } from './findings.ts'
import type { Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

export const mustBeFollowedUp = (kind: OutcomeKind) => kind === 'slow' || kind === 'unverified'

/**
 * Every slow or unverified outcome has exactly one follow-up with the same bytes, and there are no others.
 */
export function findFollowUpFaults(outcomes: Outcomes, followUps: Outcomes): Violation[] {
  const findings = createFindings('follow-up')
  const byEvent = Map.groupBy(followUps.log.all(), ({ eventId }) => eventId)

  for (const outcome of outcomes.log.all()) {
    const { eventId, kind, lineHash } = outcome
    if (!mustBeFollowedUp(kind)) continue
    const [followUp, ...others] = byEvent.get(eventId) ?? []
    byEvent.delete(eventId)
    const add = (what: string) =>
      findings.add(what, [eventId], () => [
        ...outcomes.log.around(outcome),
        ...(followUp ? followUps.log.around(followUp) : []),
      ])
    if (!followUp) add('an outcome has no follow-up')
    else if (followUp.lineHash !== lineHash) add('a follow-up differs from its outcome')
    if (others.length > 0) add('an outcome has more than one follow-up')
  }

  for (const stray of [...byEvent.values()].flat()) {
    findings.add('a follow-up has no outcome', [stray.eventId], () => followUps.log.around(stray))
  }
  return findings.violations()
}
