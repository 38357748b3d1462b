import { createFindings } from './findings.ts'
import type { OutcomeRecord, Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

/** Outcomes are in the order of their records. Outcomes in a wrong partition are reported elsewhere. */
export function findDisorder({ log }: Outcomes): Violation[] {
  const findings = createFindings('order')
  for (const [partition, records] of log.partitions) {
    let before: OutcomeRecord | undefined
    for (const outcome of records) {
      if (outcome.sourcePartition !== partition) continue
      if (before && outcome.sourceOffset <= before.sourceOffset) {
        findings.add('an outcome comes after one of a later record', [before.eventId, outcome.eventId], () =>
          log.around(outcome),
        )
      }
      before = outcome
    }
  }
  return findings.violations()
}
