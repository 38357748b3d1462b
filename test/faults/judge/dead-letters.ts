import type { DataRecord } from './data-index.ts'
import type { DeadLetter } from './dead-letter-index.ts'
import { createFindings } from './findings.ts'
import type { Log } from './log.ts'
import type { Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

/**
 * Every invalid outcome has exactly one dead letter, with the bytes of its record, and there are no others.
 */
export function findDeadLetterFaults(
  dataTopic: string,
  data: Log<DataRecord>,
  outcomes: Outcomes,
  deadLetters: Log<DeadLetter>,
): Violation[] {
  const findings = createFindings('dead-letter')
  const bySource = Map.groupBy(deadLetters.all(), ({ source }) => source)

  for (const outcome of outcomes.log.all()) {
    if (outcome.kind !== 'invalid') continue
    const { eventId, sourcePartition, sourceOffset } = outcome
    const source = `${dataTopic}/${sourcePartition}/${sourceOffset}`
    const [letter, ...others] = bySource.get(source) ?? []
    bySource.delete(source)
    const add = (what: string) =>
      findings.add(what, [eventId], () => [
        ...outcomes.log.around(outcome),
        ...(letter ? deadLetters.around(letter) : []),
      ])
    if (!letter) {
      add('an invalid outcome has no dead letter')
      continue
    }
    const record = data.at(sourcePartition, sourceOffset)
    if (others.length > 0) add('an invalid outcome has more than one dead letter')
    if (record && letter.valueHash !== record.valueHash) add('a dead letter has other bytes than its record')
    if (!letter.hasReason) add('a dead letter has no reason')
  }

  for (const letter of [...bySource.values()].flat()) {
    findings.add('a dead letter has no invalid outcome', [], () => deadLetters.around(letter))
  }
  return findings.violations()
}
