import { canonicalCheckout, type StoredCheckout } from '../../backbone/records/checkout.ts'
import { correctCheckout } from '../../backbone/records/correct-checkout.ts'
import { header, ownerHeader } from '../../backbone/records/headers.ts'
import { kindRules } from '../../backbone/records/outcome.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { type Decision, type DecisionRules, decideOutcome } from '../classify/decide-outcome.ts'
import {
  type EncodedOutcome,
  encodeOutcome,
  parseOutcome,
  toOutcomeRecord,
} from '../read-model/encoded-outcome.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { Claim } from './claim-partition.ts'
import { commitTransaction, type PartitionMessages } from './commit-transaction.ts'
import type { DecidedRecord } from './log-truncation.ts'
import { messageBatches } from './message-batches.ts'

/** A topic that takes part of what comes of a batch; its partitions need not be those of DataTopic. */
interface TopicAside {
  topic: string
  partitions: number
}

/** Counts what was committed. */
export type CountDecisions = (decisions: readonly Decision[]) => void

export interface CommitOptions {
  rules: DecisionRules
  notificationsTopic: string
  deadLetters: TopicAside
  followUps: TopicAside
  readModel: OutcomeStore
  now: () => Date
  count: CountDecisions
}

/** Notifications is not as this owner left it: it was made anew, or another program has written to it. */
export class LogChangedError extends Error {
  override readonly name = 'LogChangedError'
}

// A transaction costs several round trips whatever is in it: one that is far behind must not need many of them. What it
// takes stays far below the time after which Kafka aborts it.
const RECORDS_PER_TRANSACTION = 2_500

/**
 * Decides on the records of an owned partition, commits what comes of them, in the order of their offsets, and adds it to
 * the read model: what only an owner writes it need not read back.
 */
export function createOutcomeCommitter(claim: Omit<Claim, 'end'>, options: CommitOptions) {
  const { rules, notificationsTopic, deadLetters, followUps, readModel, now, count } = options
  const { producer, partition, log } = claim
  let next = claim.next
  let lastDecided: DecidedRecord | undefined

  function bodyOf(eventId: string): string | undefined {
    const found = readModel.find(eventId)
    if (found === undefined) return undefined
    const { checkout } = parseOutcome(found.json)
    // An earlier version may have stored it with fewer corrections: it is the same body all the same.
    return checkout ? canonicalCheckout(correctCheckout(checkout).value as StoredCheckout) : ''
  }

  /** A claim holds for one log: where the read model has begun another, the outcomes of the first are gone. */
  const holds = (): boolean => readModel.partition(partition).log === log

  function decide(messages: StoredRecord[]): Decision[] {
    const inThisTransaction = new Map<string, string>()
    const known = (eventId: string) => inThisTransaction.get(eventId) ?? bodyOf(eventId)
    return messages.map((message) => {
      const decision = decideOutcome(message, partition, rules, known, now)
      if (decision.outcome && decision.canonical !== undefined) {
        inThisTransaction.set(decision.outcome.eventId, decision.canonical)
      }
      return decision
    })
  }

  return {
    holds,

    /** Offset in DataTopic of the first record that is not yet decided on. */
    next: () => next,

    /** The last record that was decided on, if any was. */
    last: () => lastDecided,

    /** The topic was made anew and begins here. Whatever was decided before is found by its event id. */
    goBack: (offset: number): void => {
      next = offset
      lastDecided = undefined
    },

    /**
     * Resolves when the read model has room for more. When it rejects, what became of the transaction is unknown (see
     * {@link commitTransaction}), or what else the log holds: the partition must be claimed anew.
     */
    async commit(messages: StoredRecord[]): Promise<void> {
      if (!holds()) throw new LogChangedError()
      const decisions = decide(messages)
      const outcomes = decisions.flatMap(({ outcome, owner }) =>
        outcome ? encodeOutcome(outcome, owner) : [],
      )
      const offsets =
        outcomes.length > 0 ? await commitTransaction(producer, toBatches(decisions, outcomes)) : []
      count(decisions)
      next = Math.max(next, ...decisions.map((decision) => decision.offset + 1))
      lastDecided = lastOf(messages) ?? lastDecided
      await addToReadModel(outcomes, offsets)
    },
  }

  /** Each outcome at the offset of the same index; what else was in the transaction has the offsets after them. */
  async function addToReadModel(outcomes: EncodedOutcome[], offsets: number[]): Promise<void> {
    const last = outcomes.at(-1)
    if (!last) return
    const [first = Number.NaN] = offsets
    const { next: end } = readModel.partition(partition)
    // All that may stand between is the marker of the transaction before.
    const nothingBetween = first === end || first === end + 1
    const together = outcomes.every((_, index) => offsets[index] === first + index)
    if (!holds() || !nothingBetween || !together) throw new LogChangedError()
    await readModel.append(partition, {
      records: outcomes.map((outcome, index) => toOutcomeRecord(outcome, partition, first + index)),
      next: first + outcomes.length,
      resume: last.outcome.source.offset + 1,
      log,
    })
  }

  /** Outcomes first. */
  function toBatches(decisions: Decision[], outcomes: EncodedOutcome[]): PartitionMessages[] {
    const logged = outcomes.map(({ outcome, owner, json }) => ({
      key: outcome.eventId,
      value: json,
      headers: { ...ownerHeader(owner), [header.log]: log },
    }))
    const dead = decisions.flatMap(({ deadLetter }) => deadLetter ?? [])
    const followedUp = outcomes
      .filter(({ outcome }) => kindRules[outcome.kind].isFollowedUp)
      .map(({ outcome, owner, json }) => ({ key: outcome.eventId, value: json, headers: ownerHeader(owner) }))
    return [
      ...messageBatches(notificationsTopic, partition, logged),
      ...messageBatches(deadLetters.topic, partition % deadLetters.partitions, dead),
      ...messageBatches(followUps.topic, partition % followUps.partitions, followedUp),
    ]
  }
}

function lastOf(messages: StoredRecord[]): DecidedRecord | undefined {
  const message = messages.at(-1)
  if (!message) return undefined
  const { offset, timestamp, value } = message
  // A copy: kafkajs's value is a window on the whole response of a fetch, which it would keep in memory.
  return { offset, timestamp, value: value && Buffer.from(value) }
}

export type OutcomeCommitter = ReturnType<typeof createOutcomeCommitter>

/** Cuts a batch into what one transaction takes. */
export function splitIntoTransactions(messages: StoredRecord[]): StoredRecord[][] {
  const count = Math.ceil(messages.length / RECORDS_PER_TRANSACTION)
  return Array.from({ length: count }, (_, n) =>
    messages.slice(n * RECORDS_PER_TRANSACTION, (n + 1) * RECORDS_PER_TRANSACTION),
  )
}
