import { randomBytes } from 'node:crypto'
import type { Producer } from 'kafkajs'
import { header } from '../../backbone/records/headers.ts'
import type { RecordHeaders } from '../../backbone/records/record.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import { commitTransaction, type OutcomeProducer } from './commit-transaction.ts'

export interface Claim {
  producer: OutcomeProducer
  partition: number
  /** Offset in DataTopic from which to go on. */
  next: number
  /** Where DataTopic ended. */
  end: number
  /** Which log of Notifications this is. */
  log: string
}

export interface ClaimOptions {
  /** A producer whose transactional id belongs to the partition alone: connecting two fences the first. */
  createProducer: (partition: number) => OutcomeProducer
  topic: string
  memberId: string
  readModel: OutcomeStore & Pick<LogChanges, 'forget'>
  /** Where to begin in DataTopic: see starting-offset.ts. */
  startingOffset: (
    partition: number,
    resume: number | undefined,
    cut: boolean,
  ) => Promise<{ next: number; end: number }>
}

/** The claim could not be followed in time, or is no longer wanted. */
export class ClaimEndedError extends Error {
  override readonly name = 'ClaimEndedError'
}

const FOLLOW_TIMEOUT_MS = 60_000

/**
 * Takes a partition over. The first transaction of its producer fences whoever owned it before and ends what that one
 * had open; the claim it writes marks the place in the log up to which another may have added outcomes. Once the read model has
 * followed up to there it holds every outcome of the partition, and nobody else can add one. A log that has no identity
 * yet is given one by a second claim, so that every member knows it before the first outcome.
 */
export async function claimPartition(
  partition: number,
  options: ClaimOptions,
  signal: AbortSignal,
): Promise<Claim> {
  const { createProducer, topic, memberId, readModel, startingOffset } = options
  const producer = createProducer(partition)

  const write = async (headers: RecordHeaders): Promise<number> => {
    const claim = { key: null, value: null, headers: { [header.claim]: memberId, ...headers } }
    const [offset] = await commitTransaction(producer, [{ topic, partition, messages: [claim] }])
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
    // What was written just now stands at the end of the log: a read model that is further has followed another one.
    if (followed > offset) readModel.forget(partition)
    await follow(offset)
    const { resume, first } = readModel.partition(partition)
    if (readModel.partition(partition).log === '') await follow(await write({ [header.log]: newLog() }))
    const { log } = readModel.partition(partition)
    return { producer, partition, ...(await startingOffset(partition, resume, first > 0)), log }
  } catch (error) {
    disconnect(producer)
    throw error
  }
}

/** Lets go of a partition. Whatever was in hand is fenced or aborted by the next owner. */
export function disconnect(producer: Pick<Producer, 'disconnect'>): void {
  producer.disconnect().catch(() => undefined)
}

function newLog(): string {
  const bytes = randomBytes(4)
  return bytes.readUInt32BE() === 0 ? newLog() : bytes.toString('hex')
}
