import { type DataRecord, outcomeIdOf } from './data-index.ts'
import type { Log } from './log.ts'
import type { OutcomeRecord, Outcomes } from './outcome-index.ts'

/**
 * What the records of DataTopic lead to, if customers have moved to other partitions: an event may have records in several
 * of them, of which the first one that was decided on has the outcome, and which may be copies of another one. That each event
 * has one outcome, and each outcome a record with its body, is judged elsewhere.
 */
export function followMovedEvents(data: Log<DataRecord>, outcomes: Outcomes): void {
  const conflicts = conflictsByBody(data, outcomes)
  for (const record of data.all()) {
    const { eventId, bodyHash, partition, offset, leadsTo } = record
    if (eventId === undefined || leadsTo === 'invalid') continue
    const own = outcomes.ofRecord(partition, offset)
    if (own) describeOwn(record, own)
    else if (bodyOf(data, outcomes.ofEvent(eventId)) === bodyHash || conflicts.has(`${eventId} ${bodyHash}`))
      record.leadsTo = 'repetition'
  }
}

/** The home of its customer, and with it the id of a record without one, depends on when it was decided on. */
function describeOwn(record: DataRecord, own: OutcomeRecord): void {
  const { fromGateway, eventId = '', partition, offset } = record
  const atHome = eventId.replace(new RegExp(`-p${partition}$`), '')
  if (!fromGateway && (own.eventId === atHome || own.eventId === `${atHome}-p${partition}`))
    record.eventId = own.eventId
  record.leadsTo = own.eventId === `${record.eventId}-conflict-${offset}` ? 'conflict' : 'outcome'
}

const bodyOf = (data: Log<DataRecord>, outcome: OutcomeRecord | undefined) =>
  outcome && data.at(outcome.sourcePartition, outcome.sourceOffset)?.bodyHash

/** Events and bodies that have an outcome as a conflict. */
function conflictsByBody(data: Log<DataRecord>, outcomes: Outcomes): Set<string> {
  const found = new Set<string>()
  for (const record of data.all()) {
    const outcome = outcomes.ofRecord(record.partition, record.offset)
    if (outcome && outcome.eventId === outcomeIdOf({ ...record, leadsTo: 'conflict' }))
      found.add(`${record.eventId} ${record.bodyHash}`)
  }
  return found
}
