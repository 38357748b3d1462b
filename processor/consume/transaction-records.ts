import { header, ownerHeader } from '../../backbone/records/headers.ts'
import { traceHeaders } from '../../backbone/tracing/trace-context.ts'
import type { Decision, DecisionRules } from '../classify/decide-outcome.ts'
import type { PartitionRecords } from '../kafka/transactional-producer.ts'
import type { EncodedOutcome } from '../read-model/encoded-outcome.ts'

/** Another topic that a transaction writes to; it may have fewer partitions than DataTopic. */
interface SideTopic {
  topic: string
  partitions: number
}

export interface OutcomeTopics {
  dataTopic: string
  notificationsTopic: string
  deadLetters: SideTopic
  followUps: SideTopic
}

/**
 * The records of a transaction on one partition of DataTopic, outcomes first. `log` identifies the log of Notifications.
 */
export function transactionRecords(
  { partition, log }: { partition: number; log: string },
  decisions: Decision[],
  outcomes: EncodedOutcome[],
  { dataTopic, notificationsTopic, deadLetters, followUps, rules }: OutcomeTopics & { rules: DecisionRules },
): PartitionRecords[] {
  const logged = outcomes.map(({ outcome, owner, json, trace }) => ({
    key: outcome.eventId,
    value: json,
    headers: { ...ownerHeader(owner), [header.log]: log, ...traceHeaders(trace) },
  }))
  const dead = decisions.flatMap(({ deadLetter, trace }) =>
    deadLetter && trace
      ? { ...deadLetter, headers: { ...deadLetter.headers, ...traceHeaders(trace) } }
      : (deadLetter ?? []),
  )
  const followedUp = outcomes
    .filter(({ outcome }) => rules.messages.isFollowedUp(outcome.kind))
    .map(({ outcome, owner, json, trace }) => ({
      key: outcome.eventId,
      value: json,
      headers: { ...ownerHeader(owner), ...traceHeaders(trace) },
    }))
  return [
    { topic: notificationsTopic, partition, records: logged },
    ...(rules.homes.length > 1 ? forwarded(dataTopic, decisions) : []),
    { topic: deadLetters.topic, partition: partition % deadLetters.partitions, records: dead },
    { topic: followUps.topic, partition: partition % followUps.partitions, records: followedUp },
  ].filter(({ records }) => records.length > 0)
}

/** By their new partition, in their order, as they were. */
function forwarded(topic: string, decisions: readonly Decision[]): PartitionRecords[] {
  const forwards = decisions.flatMap(({ forward }) => forward ?? [])
  return Array.from(
    Map.groupBy(forwards, ({ to }) => to),
    ([partition, ofPartition]) => ({
      topic,
      partition,
      records: ofPartition.map(({ record: { key, value, headers = {} } }) => ({ key, value, headers })),
    }),
  )
}
