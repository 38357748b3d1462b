import { createFindings } from './findings.ts'
import type { OutcomeRecord, Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

/** A new group classifies the same DataTopic to the same bytes, except for the time of classification. */
export function findReclassifiedFaults(original: Outcomes, reclassified: Outcomes): Violation[] {
  const findings = createFindings('views-agree')
  const counterpart = ({ sourcePartition, sourceOffset }: OutcomeRecord, outcomes: Outcomes) =>
    outcomes.ofRecord(sourcePartition, sourceOffset)

  for (const outcome of original.log.all()) {
    const same = counterpart(outcome, reclassified)
    const around = () => [...original.log.around(outcome), ...(same ? reclassified.log.around(same) : [])]
    if (!same) findings.add('classified again, an outcome is missing', [outcome.eventId], around)
    else if (same.timelessHash !== outcome.timelessHash) {
      findings.add('classified again, an outcome differs', [outcome.eventId], around)
    } else if (same.partition !== outcome.partition) {
      findings.add('classified again, an outcome is in another partition', [outcome.eventId], around)
    }
  }
  for (const [partition, records] of reclassified.log.partitions) {
    let before: OutcomeRecord | undefined
    for (const outcome of records) {
      const around = () => reclassified.log.around(outcome)
      const same = counterpart(outcome, original)
      if (!same) findings.add('classified again, there is an additional outcome', [outcome.eventId], around)
      else if (counterpart(outcome, reclassified) !== outcome) {
        findings.add('classified again, a record has two outcomes', [outcome.eventId], around)
      } else if (before && same.partition === partition && same.offset < before.offset) {
        findings.add('classified again, outcomes are in another order', [outcome.eventId], around)
      }
      if (same) before = same
    }
  }
  return findings.violations()
}
