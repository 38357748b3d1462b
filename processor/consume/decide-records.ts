import type { StoredRecord } from '../../backbone/records/record.ts'
import {
  type DecidedEvent,
  type Decision,
  type DecisionRules,
  decideOutcome,
  type WasRejectedElsewhere,
} from '../classify/decide-outcome.ts'
import { decidedBody } from '../classify/decided-body.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import { isFromOtherCluster } from '../read-model/record.ts'

export interface DecideOptions {
  rules: DecisionRules
  readModel: OutcomeStore
  now: () => Date
}

/**
 * Decides on the records of one transaction, in order. The outcome of an event may be in the read model, or earlier in
 * the transaction.
 */
export function decideRecords(
  records: StoredRecord[],
  partition: number,
  { rules, readModel, now }: DecideOptions,
  wasRejectedElsewhere?: WasRejectedElsewhere,
): Decision[] {
  const inThisTransaction = new Map<string, DecidedEvent>()
  const known = (eventId: string) => inThisTransaction.get(eventId) ?? decidedIn(readModel, eventId)
  return records.map((record) => {
    const decision = decideOutcome(record, partition, rules, known, now, wasRejectedElsewhere)
    if (decision.outcome && decision.canonical !== undefined) {
      const { eventId, source } = decision.outcome
      inThisTransaction.set(eventId, { canonical: decision.canonical, source })
    }
    return decision
  })
}

function decidedIn(readModel: OutcomeStore, eventId: string): DecidedEvent | undefined {
  const found = readModel.find(eventId)
  if (found === undefined) return undefined
  const outcome = parseOutcome(found.json)
  const isElsewhere = isFromOtherCluster(readModel.partition(found.partition), found.offset)
  return { canonical: decidedBody(outcome), source: isElsewhere ? undefined : outcome.source }
}
