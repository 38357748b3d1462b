import { type DataRecord, outcomeIdOf } from './data-index.ts'
import { createFindings } from './findings.ts'
import type { Ledger } from './ledger-index.ts'
import type { Log } from './log.ts'
import type { OutcomeRecord, Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

type Findings = ReturnType<typeof createFindings>

/**
 * Every record has exactly one outcome or repeats an event that has one, and every outcome has its record.
 */
export function findDoubled(ledger: Ledger, data: Log<DataRecord>, outcomes: Outcomes): Violation[] {
  const findings = createFindings('one-outcome')
  checkOutcomes(findings, data, outcomes)
  for (const record of data.all()) checkRecord(findings, record, data, outcomes)
  checkCheckouts(findings, ledger, outcomes)
  return findings.violations()
}

function checkOutcomes(findings: Findings, data: Log<DataRecord>, outcomes: Outcomes) {
  const { log } = outcomes
  for (const outcome of log.all()) {
    const { eventId, sourcePartition, sourceOffset } = outcome
    const ofEvent = outcomes.ofEvent(eventId)
    const ofRecord = outcomes.ofRecord(sourcePartition, sourceOffset)
    if (ofEvent && ofEvent !== outcome) {
      findings.add('an event has two outcomes', [eventId], () => aroundBoth(log, ofEvent, outcome))
    } else if (ofRecord && ofRecord !== outcome) {
      findings.add('a record has two outcomes', [ofRecord.eventId, eventId], () =>
        aroundBoth(log, ofRecord, outcome),
      )
    }
    if (!data.at(sourcePartition, sourceOffset)) {
      findings.add('an outcome has no record in DataTopic', [eventId], () => [
        ...log.around(outcome),
        ...data.around({ partition: sourcePartition, offset: sourceOffset }),
      ])
    }
  }
}

function checkRecord(findings: Findings, record: DataRecord, data: Log<DataRecord>, outcomes: Outcomes) {
  const { partition, offset, leadsTo } = record
  const expectedId = outcomeIdOf(record)
  const outcome = outcomes.ofRecord(partition, offset)
  const aroundRecord = () => data.around(record)

  if (leadsTo === 'repetition') {
    // With its own event id it would be a second outcome of the event, or have replaced the first: both are
    // reported elsewhere.
    if (!outcome || outcome.eventId === expectedId) return
    findings.add('a repetition has an outcome of its own', [outcome.eventId], aroundRecord)
  } else if (!outcome) {
    const instead = expectedId === undefined ? undefined : outcomes.ofEvent(expectedId)
    const source = instead && data.at(instead.sourcePartition, instead.sourceOffset)
    const what = source ? 'the outcome of an event is not from its first record' : 'a record has no outcome'
    findings.add(what, expectedId === undefined ? [] : [expectedId], aroundRecord)
  } else if (expectedId !== undefined && outcome.eventId !== expectedId) {
    findings.add(
      'an outcome has another event id than its record',
      [expectedId, outcome.eventId],
      aroundRecord,
    )
  }
}

/** Two event ids for one checkout of the ledger would count a purchase twice. */
function checkCheckouts(findings: Findings, ledger: Ledger, outcomes: Outcomes) {
  const first = new Map<number, OutcomeRecord>()
  for (const outcome of outcomes.log.all()) {
    const { bodyHash } = outcome
    if (bodyHash === undefined || !ledger.ofBody(bodyHash)) continue
    const before = first.get(bodyHash)
    if (!before) first.set(bodyHash, outcome)
    else if (before.eventId !== outcome.eventId) {
      findings.add(
        'a checkout has two outcomes under different event ids',
        [before.eventId, outcome.eventId],
        () => aroundBoth(outcomes.log, before, outcome),
      )
    }
  }
}

const aroundBoth = (log: Log<OutcomeRecord>, one: OutcomeRecord, other: OutcomeRecord) => [
  ...log.around(one),
  ...log.around(other),
]
