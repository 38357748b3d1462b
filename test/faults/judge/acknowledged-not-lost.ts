import type { Acknowledgement } from '../load/sent-checkout.ts'
import { type DataRecord, outcomeIdOf } from './data-index.ts'
import { createFindings } from './findings.ts'
import type { Ledger, LedgerEntry } from './ledger-index.ts'
import type { Log } from './log.ts'
import type { Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

/** Every 202 names an existing record, and the event of that record has its outcome. */
export function findLost(ledger: Ledger, data: Log<DataRecord>, outcomes: Outcomes): Violation[] {
  const findings = createFindings('acknowledged-not-lost')
  for (const entry of ledger.entries) {
    for (const acknowledgement of entry.acknowledgements) {
      const fault = faultOf(entry, acknowledgement, data, outcomes)
      if (fault) findings.add(fault, [acknowledgement.eventId], () => data.around(acknowledgement))
    }
  }
  return findings.violations()
}

function faultOf(
  { bodyHash }: LedgerEntry,
  { eventId, partition, offset }: Acknowledgement,
  data: Log<DataRecord>,
  outcomes: Outcomes,
): string | undefined {
  const record = data.at(partition, offset)
  const stands = record?.fromGateway && record.eventId === eventId && record.valueHash === bodyHash
  const outcomeId = stands ? outcomeIdOf(record) : undefined
  if (!outcomes.ofEvent(outcomeId ?? eventId)) return 'an acknowledged checkout has no outcome'
  if (!record) return 'DataTopic has no record at the offset of a 202'
  if (!record.fromGateway || record.eventId !== eventId) return 'another event is at the offset of a 202'
  return stands ? undefined : 'another body is at the offset of a 202'
}
