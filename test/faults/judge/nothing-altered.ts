import type { DataRecord } from './data-index.ts'
import { createFindings } from './findings.ts'
import type { Ledger } from './ledger-index.ts'
import type { Log } from './log.ts'
import type { OutcomeRecord, Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

/** DataTopic contains what the clients sent, and the outcomes match DataTopic. */
export function findAltered(ledger: Ledger, data: Log<DataRecord>, outcomes: Outcomes): Violation[] {
  const findings = createFindings('nothing-altered')
  for (const record of data.all()) {
    const { fromGateway, eventId, valueHash } = record
    if (fromGateway && eventId !== undefined && !ledger.ofBody(valueHash)) {
      findings.add('a gateway stored a body that nobody sent', [eventId], () => data.around(record))
    }
  }
  for (const outcome of outcomes.log.all()) {
    const source = data.at(outcome.sourcePartition, outcome.sourceOffset)
    for (const what of [
      placingFault(outcome),
      source && contentFault(outcome, source),
      source && timeFault(outcome, source),
    ]) {
      if (what) findings.add(what, [outcome.eventId], () => outcomes.log.around(outcome))
    }
  }
  for (const place of outcomes.unreadable) {
    findings.add('a record of Notifications is neither an outcome nor a claim', [], () => [
      `${place.partition}/${place.offset}`,
      ...outcomes.log.around(place),
    ])
  }
  return findings.violations()
}

function placingFault({ partition, sourcePartition, keyIsEventId }: OutcomeRecord): string | undefined {
  if (partition !== sourcePartition) return 'an outcome is in another partition than its record'
  return keyIsEventId ? undefined : 'the key of an outcome is not its event id'
}

function contentFault(outcome: OutcomeRecord, source: DataRecord): string | undefined {
  const { kind, bodyHash, isFaulty, isAsDomainSays } = outcome
  if (source.leadsTo === 'invalid' || source.leadsTo === 'conflict') {
    if (kind !== 'invalid') return 'an invalid record was classified'
    return isAsDomainSays ? undefined : 'an invalid outcome has a checkout or a message'
  }
  if (kind === 'invalid') return 'a valid checkout was classified as invalid'
  if (bodyHash !== source.bodyHash) return 'the checkout of an outcome differs from that of its record'
  if (isFaulty !== source.isFaulty) return 'the faults of an outcome differ from those of its record'
  return isAsDomainSays ? undefined : 'kind or message do not match the checkout'
}

function timeFault({ receivedAtHash }: OutcomeRecord, source: DataRecord): string | undefined {
  const holds = source.receivedAtHash === undefined || source.receivedAtHash === receivedAtHash
  return holds ? undefined : 'receivedAt of an outcome differs from that of its record'
}
