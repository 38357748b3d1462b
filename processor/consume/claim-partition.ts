import { randomBytes } from 'node:crypto'
import { header } from '../../backbone/records/headers.ts'
import type { RecordHeaders } from '../../backbone/records/record.ts'
import type { TransactionalProducer } from '../kafka/transactional-producer.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import { isUnclaimedCopy } from '../read-model/record.ts'
import { commitTransaction } from './commit-transaction.ts'
import { type CopiedOutcomes, readCopiedOutcomes } from './resume-copy.ts'

export interface Claim {
  producer: TransactionalProducer
  partition: number
  /** Of the claim in Notifications. */
  offset: number
  /** Offset in DataTopic to continue from. */
  next: number
  /** Where DataTopic ended. */
  end: number
  /** Which log of Notifications this is. */
  log: string
  /** Undefined if nothing was copied from another cluster. */
  copied: CopiedOutcomes | undefined
}

export interface ClaimOptions {
  /** A producer whose transactional id belongs to the partition alone: the next one fences it. */
  createProducer: (partition: number) => TransactionalProducer
  topic: string
  memberId: string
  /** Name of this process in its claims. */
  member: string
  /** Id of the Kafka cluster; empty if it has none. */
  cluster: string
  readModel: OutcomeStore & Pick<LogChanges, 'forget'>
  /** Where to begin in DataTopic: see starting-offset.ts. */
  startingOffset: (
    partition: number,
    resume: number | undefined,
    cut: boolean,
    decidedUntil: number | undefined,
  ) => Promise<{ next: number; end: number }>
}

/** The read model did not reach the claim in time, or the partition was released. */
export class ClaimEndedError extends Error {
  override readonly name = 'ClaimEndedError'
}

export const FOLLOW_TIMEOUT_MS = 60_000

/**
 * Takes a partition over. The first transaction fences the former owner and aborts its open transaction. The claim that it
 * writes marks the place in the log up to which another member may have added outcomes. Once the read model has followed up
 * to there, it has every outcome of the partition, and no other member can add one. A log without an identity gets one by a
 * second claim, so that every member knows it before the first outcome. So does a log that was copied from another cluster.
 */
export async function claimPartition(
  partition: number,
  options: ClaimOptions,
  signal: AbortSignal,
): Promise<Claim> {
  const { createProducer, topic, memberId, member, cluster, readModel, startingOffset } = options
  const producer = createProducer(partition)

  const write = async (headers: RecordHeaders): Promise<number> => {
    const madeOn = cluster === '' ? {} : { [header.cluster]: cluster }
    const named = { [header.claim]: memberId, [header.member]: member, ...madeOn }
    const claim = { key: null, value: null, headers: { ...named, ...headers } }
    const [offset] = await commitTransaction(producer, [{ topic, partition, records: [claim] }])
    return offset ?? Number.NaN
  }
  const follow = async (offset: number): Promise<void> => {
    if (!(await readModel.reached(partition, offset + 1, FOLLOW_TIMEOUT_MS, signal)))
      throw new ClaimEndedError()
  }

  try {
    await producer.connect()
    signal.throwIfAborted()
    const followed = readModel.partition(partition).next
    const offset = await write({})
    // The claim is at the end of the log: a read model that is further has followed another log.
    if (followed > offset) readModel.forget(partition)
    await follow(offset)
    const before = readModel.partition(partition)
    if (isUnclaimedCopy(before))
      await follow(await write({ [header.log]: newLog(), [header.copiedFrom]: before.log }))
    else if (before.log === '') await follow(await write({ [header.log]: newLog() }))
    const claimed = readModel.partition(partition)
    // A claim of the other cluster with another name was copied between the two, so the second one does not count.
    if (isUnclaimedCopy(claimed)) throw new Error('the copied log got another name meanwhile')
    const { resume, first, log, copied: copy } = claimed
    const copied = copy && (await readCopiedOutcomes(partition, copy.since ?? 0, readModel))
    const start = await startingOffset(partition, resume, first > 0, copied?.decidedUntil)
    return { producer, partition, offset, ...start, log, copied }
  } catch (error) {
    disconnect(producer)
    throw error
  }
}

/** Does not wait, and ignores errors: the next owner fences the producer anyway, and aborts its open transaction. */
export function disconnect(producer: Pick<TransactionalProducer, 'disconnect'>): void {
  producer.disconnect().catch(() => undefined)
}

function newLog(): string {
  const bytes = randomBytes(4)
  return bytes.readUInt32BE() === 0 ? newLog() : bytes.toString('hex')
}
