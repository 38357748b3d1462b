import type { StoredRecord } from '../../backbone/records/record.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import type { Decision, FixedRules } from '../classify/decide-outcome.ts'
import { type EncodedOutcome, encodeOutcome, toOutcomeRecord } from '../read-model/encoded-outcome.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { Claim } from './claim-partition.ts'
import { commitTransaction } from './commit-transaction.ts'
import { type DecideOptions, decideRecords } from './decide-records.ts'
import type { DecidedRecord } from './log-truncation.ts'
import { type OutcomeTopics, transactionRecords } from './transaction-records.ts'

/** Counts committed decisions. */
export type CountDecisions = (decisions: readonly Decision[]) => void

/** The spans of a transaction with a record of a sampled trace. */
interface TransactionTrace {
  /** An outcome was stored at this offset of Notifications. */
  stored: (eventId: string, offset: number, trace: TraceContext) => void
  end: (error?: unknown) => void
}

/**
 * Begins the spans of a transaction, and gives the decisions on sampled records their trace. `at` is when it began, in
 * milliseconds since the epoch. Undefined if no record is sampled.
 */
export type TraceTransaction = (
  records: readonly StoredRecord[],
  decisions: readonly Decision[],
  partition: number,
  at: number,
) => TransactionTrace | undefined

export interface CommitOptions extends DecideOptions, OutcomeTopics {
  count: CountDecisions
  /** Undefined: without traces. */
  trace?: TraceTransaction | undefined
}

/** The layout is that of each claim. */
export type FixedCommitOptions = Omit<CommitOptions, 'rules'> & { rules: FixedRules }

/** Notifications is not as this owner left it: it was recreated, or another program has written to it. */
export class LogChangedError extends Error {
  override readonly name = 'LogChangedError'
}

/**
 * Decides on the records of an owned partition, commits their outcomes in the order of their offsets, and adds them to the
 * read model: an owner need not read back what only it writes.
 */
export function createOutcomeCommitter(claim: Omit<Claim, 'end' | 'offset'>, options: CommitOptions) {
  const { readModel, count, trace } = options
  const { producer, partition, log, copied } = claim
  let next = claim.next
  let lastDecided: DecidedRecord | undefined

  /** A claim holds for one log: if the read model has started another one, the outcomes of the first are gone. */
  const holds = (): boolean => readModel.partition(partition).log === log

  return {
    holds,

    /** Offset in DataTopic of the first record without a decision. */
    next: () => next,

    /** The last record that was decided on, if any was. */
    last: () => lastDecided,

    /** Nothing but markers and aborted records is before this offset. */
    advance: (offset: number): void => {
      next = Math.max(next, offset)
    },

    /** The topic was recreated and begins here. Events that have their outcome already are found by their id. */
    goBack: (offset: number): void => {
      next = offset
      lastDecided = undefined
    },

    /**
     * Resolves when the read model accepts more. When it rejects, the outcome of the transaction is unknown (see
     * {@link commitTransaction}), or the log has other records, too: the partition must be claimed again.
     */
    async commit(records: StoredRecord[]): Promise<void> {
      if (!holds()) throw new LogChangedError()
      const began = Date.now()
      const decisions = decideRecords(records, partition, options, copied?.wasRejected)
      const traced = trace?.(records, decisions, partition, began)
      const outcomes = decisions.flatMap(({ outcome, owner, trace: context }) =>
        outcome ? encodeOutcome(outcome, owner, context) : [],
      )
      const batches = transactionRecords(claim, decisions, outcomes, options)
      const offsets = await commitTraced(traced, outcomes, async () =>
        batches.length > 0 ? await commitTransaction(producer, batches) : [],
      )
      count(forwards(options) ? decisions.filter(({ forward }) => forward === undefined) : decisions)
      next = Math.max(next, ...decisions.map((decision) => decision.offset + 1))
      lastDecided = lastOf(records) ?? lastDecided
      await addToReadModel(readModel, claim, outcomes, offsets)
    },
  }
}

/** Before the first change of the layout nothing is forwarded. */
const forwards = ({ rules }: CommitOptions): boolean => rules.homes.length > 1

async function commitTraced(
  traced: TransactionTrace | undefined,
  outcomes: readonly EncodedOutcome[],
  commit: () => Promise<number[]>,
): Promise<number[]> {
  try {
    const offsets = await commit()
    if (traced)
      for (const [index, { outcome, trace }] of outcomes.entries())
        if (trace) traced.stored(outcome.eventId, offsets[index] ?? Number.NaN, trace)
    traced?.end()
    return offsets
  } catch (error) {
    traced?.end(error)
    throw error
  }
}

/** Each outcome has the offset of the same index; the offsets after them are those of the transaction's other records. */
async function addToReadModel(
  readModel: OutcomeStore,
  { partition, log }: Pick<Claim, 'partition' | 'log'>,
  outcomes: EncodedOutcome[],
  offsets: number[],
): Promise<void> {
  const last = outcomes.at(-1)
  if (!last) return
  const [first = Number.NaN] = offsets
  const { next: end, log: current } = readModel.partition(partition)
  // Only the marker of the previous transaction may be between.
  const nothingBetween = first === end || first === end + 1
  const together = outcomes.every((_, index) => offsets[index] === first + index)
  if (current !== log || !nothingBetween || !together) throw new LogChangedError()
  await readModel.append(partition, {
    records: outcomes.map((outcome, index) => toOutcomeRecord(outcome, partition, first + index)),
    next: first + outcomes.length,
    resume: last.outcome.source.offset + 1,
    log,
  })
}

function lastOf(records: StoredRecord[]): DecidedRecord | undefined {
  const record = records.at(-1)
  if (!record) return undefined
  const { offset, timestamp, value } = record
  // A copy: the value may be a view of a whole fetch response, which would stay in memory.
  return { offset, timestamp, value: value && Buffer.from(value) }
}

export type OutcomeCommitter = ReturnType<typeof createOutcomeCommitter>
