import { type BaseKind, baseKinds, isBaseKind } from '../../../backbone/records/outcome.ts'
import { findLost } from './acknowledged-not-lost.ts'
import { type AppendTimes, appendTimes } from './append-times.ts'
import { createDataIndex, type DataRecord } from './data-index.ts'
import { createDeadLetterIndex, type DeadLetter } from './dead-letter-index.ts'
import { findDeadLetterFaults } from './dead-letters.ts'
import { findFollowUpFaults } from './follow-ups.ts'
import { type Ledger, readLedger } from './ledger-index.ts'
import type { Log } from './log.ts'
import { followMovedEvents } from './moved-events.ts'
import { findAltered } from './nothing-altered.ts'
import { findDoubled } from './one-outcome.ts'
import { findDisorder } from './order.ts'
import { createOutcomeIndex, type Outcomes } from './outcome-index.ts'
import { readLog } from './read-log.ts'
import { findReclassifiedFaults } from './reclassified.ts'
import { findStreamFaults, type SeenStream } from './streams.ts'
import type { Violation } from './violation.ts'

interface JudgeOptions {
  brokers: string[]
  /** `reclassified` has the outcomes of a new group for the same DataTopic. */
  topics: { data: string; notifications: string; deadLetter: string; followUp: string; reclassified?: string }
  /** Of DataTopic. */
  partitions: number
  /** Whether customers were spread over more of them since. */
  hasGrown?: boolean
  /** NDJSON: a SentCheckout per line. */
  ledgerFile: string
  /** Epoch milliseconds, in the middle of the load. */
  middle: number
  subscribers: readonly SeenStream[]
}

export interface Evidence {
  dataTopic: string
  ledger: Ledger
  data: Log<DataRecord>
  outcomes: Outcomes
  reclassified: Outcomes | undefined
  deadLetters: Log<DeadLetter>
  followUps: Outcomes
  streams: readonly SeenStream[]
}

export interface JudgedCounts {
  sent: number
  acknowledged: number
  dataRecords: number
  repetitions: number
  conflicts: number
  outcomes: number
  byKind: Record<BaseKind, number>
  deadLetters: number
}

export interface Judgement {
  violations: Violation[]
  counts: JudgedCounts
  /** By partition of Notifications. */
  appendTimes: Map<number, AppendTimes>
}

/** Reads and judges everything. Nothing may be writing any more. */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const { brokers, topics, partitions, hasGrown = false, ledgerFile, middle, subscribers } = options
  const data = createDataIndex(topics.data, partitions)
  const notifications = createOutcomeIndex(topics.notifications)
  const deadLetters = createDeadLetterIndex(topics.deadLetter)
  const followUps = createOutcomeIndex(topics.followUp)
  const reclassified = topics.reclassified === undefined ? undefined : createOutcomeIndex(topics.reclassified)

  const ledger = await readLedger(ledgerFile)
  await Promise.all([
    readLog({ brokers, topic: topics.data, onRecord: data.add }),
    readLog({ brokers, topic: topics.notifications, onRecord: notifications.add }),
    readLog({ brokers, topic: topics.deadLetter, onRecord: deadLetters.add }),
    readLog({ brokers, topic: topics.followUp, onRecord: followUps.add }),
    ...(reclassified && topics.reclassified !== undefined
      ? [readLog({ brokers, topic: topics.reclassified, onRecord: reclassified.add })]
      : []),
  ])

  if (hasGrown) followMovedEvents(data.log, notifications.outcomes)

  const evidence: Evidence = {
    dataTopic: topics.data,
    ledger,
    data: data.log,
    outcomes: notifications.outcomes,
    reclassified: reclassified?.outcomes,
    deadLetters: deadLetters.log,
    followUps: followUps.outcomes,
    streams: subscribers,
  }
  return {
    violations: judgeEvidence(evidence),
    counts: count(evidence),
    appendTimes: appendTimes(evidence.outcomes, evidence.data, middle),
  }
}

export function judgeEvidence(evidence: Evidence): Violation[] {
  const { dataTopic, ledger, data, outcomes, reclassified, deadLetters, followUps, streams } = evidence
  return [
    ...findLost(ledger, data, outcomes),
    ...findDoubled(ledger, data, outcomes),
    ...findAltered(ledger, data, outcomes),
    ...findDisorder(outcomes),
    ...findDeadLetterFaults(dataTopic, data, outcomes, deadLetters),
    ...findFollowUpFaults(outcomes, followUps),
    ...(reclassified ? findReclassifiedFaults(outcomes, reclassified) : []),
    ...findStreamFaults(outcomes, streams),
  ]
}

export function count({ ledger, data, outcomes, deadLetters }: Evidence): JudgedCounts {
  const counts: JudgedCounts = {
    sent: ledger.entries.length,
    acknowledged: ledger.entries.filter(({ acknowledgements }) => acknowledgements.length > 0).length,
    dataRecords: 0,
    repetitions: 0,
    conflicts: 0,
    outcomes: 0,
    byKind: Object.fromEntries(baseKinds.map((kind) => [kind, 0])) as Record<BaseKind, number>,
    deadLetters: [...deadLetters.all()].length,
  }
  for (const { leadsTo } of data.all()) {
    counts.dataRecords++
    if (leadsTo === 'repetition') counts.repetitions++
    if (leadsTo === 'conflict') counts.conflicts++
  }
  for (const { kind } of outcomes.log.all()) {
    counts.outcomes++
    if (isBaseKind(kind)) counts.byKind[kind]++
  }
  return counts
}
