import type { KafkaMessage } from 'kafkajs'
import { canonicalCheckout } from '../backbone/checkout.ts'
import { header, ownerHeader } from '../backbone/headers.ts'
import type { OutcomeKind } from '../backbone/outcome.ts'
import { commitTransaction, type PartitionMessages } from './commit-transaction.ts'
import { type Decision, type DecisionRules, decideOutcome } from './decide-outcomes.ts'
import { messageBatches } from './message-batches.ts'
import type { CountDecisions } from './metrics.ts'
import type { OutcomeView } from './outcome-view.ts'
import type { Claim } from './own-partition.ts'
import { parseOutcome } from './parse-outcome.ts'

/** A topic that takes part of what comes of a batch; its partitions need not be those of DataTopic. */
interface TopicAside {
  topic: string
  partitions: number
}

export interface CommitOptions {
  rules: DecisionRules
  notificationsTopic: string
  deadLetters: TopicAside
  followUps: TopicAside
  view: OutcomeView
  now: () => Date
  count: CountDecisions
}

/** Notifications was made anew under a claim. */
export class LogMadeAnewError extends Error {
  override readonly name = 'LogMadeAnewError'
}

// A purchase that took long, or whose telemetry is at fault: a person looks at it, the purchase stands.
const FOLLOWED_UP: ReadonlySet<OutcomeKind> = new Set(['slow', 'unverified'])
// A transaction costs several round trips whatever is in it: one that is far behind must not need many of them. What it
// takes stays far below the time after which Kafka aborts it.
const RECORDS_PER_TRANSACTION = 2_500

/** Decides on the records of an owned partition and commits what comes of them, in the order of their offsets. */
export function createOutcomeCommitter(claim: Claim, options: CommitOptions) {
  const { rules, notificationsTopic, deadLetters, followUps, view, now, count } = options
  const { producer, partition, log } = claim
  // Bodies committed since the claim which the view has not followed yet, with their offsets in Notifications.
  const unfollowed = new Map<string, { canonical: string; offset: number }>()
  let next = claim.next

  function bodyOf(eventId: string): string | undefined {
    const recent = unfollowed.get(eventId)
    if (recent) return recent.canonical
    const found = view.find(eventId)
    if (found === undefined) return undefined
    const { checkout } = parseOutcome(found.json)
    return checkout ? canonicalCheckout(checkout) : ''
  }

  /** A claim holds for one log: where the view has begun another, the outcomes of the first are gone. */
  const holds = (): boolean => view.partition(partition).log === log

  function dropFollowed() {
    const followed = view.partition(partition).next
    for (const [eventId, { offset }] of unfollowed) {
      if (offset >= followed) break
      unfollowed.delete(eventId)
    }
  }

  function decide(messages: KafkaMessage[]): Decision[] {
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

    /** The topic was made anew and begins here. Whatever was decided before is found by its event id. */
    goBack: (offset: number): void => {
      next = offset
    },

    /** When it rejects, what became of the transaction is unknown: see {@link commitTransaction}. */
    async commit(messages: KafkaMessage[]): Promise<void> {
      if (!holds()) throw new LogMadeAnewError()
      dropFollowed()
      const decisions = decide(messages)
      const outcomes = decisions.filter(({ outcome }) => outcome !== undefined)
      if (outcomes.length > 0) {
        const offsets = await commitTransaction(producer, toBatches(decisions))
        for (const [index, { outcome, canonical }] of outcomes.entries()) {
          const offset = offsets[index] ?? Number.POSITIVE_INFINITY
          if (outcome) unfollowed.set(outcome.eventId, { canonical: canonical ?? '', offset })
        }
      }
      count(decisions)
      next = Math.max(next, ...decisions.map((decision) => decision.offset + 1))
    },
  }

  /** Outcomes first. */
  function toBatches(decisions: Decision[]): PartitionMessages[] {
    const outcomes = decisions.flatMap(({ outcome, owner }) =>
      outcome
        ? {
            kind: outcome.kind,
            key: outcome.eventId,
            value: JSON.stringify(outcome),
            headers: ownerHeader(owner),
          }
        : [],
    )
    const logged = outcomes.map(({ key, value, headers }) => ({
      key,
      value,
      headers: { ...headers, [header.log]: log },
    }))
    const dead = decisions.flatMap(({ deadLetter }) => deadLetter ?? [])
    const followedUp = outcomes
      .filter(({ kind }) => FOLLOWED_UP.has(kind))
      .map(({ key, value, headers }) => ({ key, value, headers }))
    return [
      ...messageBatches(notificationsTopic, partition, logged),
      ...messageBatches(deadLetters.topic, partition % deadLetters.partitions, dead),
      ...messageBatches(followUps.topic, partition % followUps.partitions, followedUp),
    ]
  }
}

export type OutcomeCommitter = ReturnType<typeof createOutcomeCommitter>

/** Cuts a batch into what one transaction takes. */
export function splitIntoTransactions(messages: KafkaMessage[]): KafkaMessage[][] {
  const count = Math.ceil(messages.length / RECORDS_PER_TRANSACTION)
  return Array.from({ length: count }, (_, n) =>
    messages.slice(n * RECORDS_PER_TRANSACTION, (n + 1) * RECORDS_PER_TRANSACTION),
  )
}
