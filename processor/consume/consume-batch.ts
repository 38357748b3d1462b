import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { BatchRange, PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import type { OutcomeCommitter } from './commit-outcomes.ts'
import type { createLanePauses } from './lane-pauses.ts'
import type { LogFinding } from './log-truncation.ts'
import { type Ownership, seek } from './ownership.ts'
import { splitIntoTransactions } from './split-into-transactions.ts'

interface BatchOptions {
  topic: string
  owned: ReadonlyMap<number, Ownership>
  lanes: Pick<ReturnType<typeof createLanePauses>, 'observe' | 'mustPause' | 'pause'>
  /** Called before each transaction: from then on only its owner adds the partition's outcomes to the read model. */
  handOver: (partition: number) => void
  /** The outcome of its last transaction is unknown. */
  reclaim: (consumer: PartitionConsumer, batch: RecordBatch, ownership: Ownership, failure: unknown) => void
  /** A transaction was committed. */
  committed: (partition: number) => void
  log: Logger
}

// Fetches may stay stale for seconds.
const STALE_PAUSE_MS = 500
const REST_PER_TIME_TAKEN = 2
const LONGEST_REST_MS = 50
const NEXT_STEP: Record<LogFinding['log'], string> = {
  unknown: 'fetching the last record again',
  same: 'no longer, reading on',
  another: 'it was recreated or cut back, reading it from its beginning',
}

/** Decides on the records of a claimed partition, one transaction at a time, as long as this member owns it. */
export function createBatchConsumer(options: BatchOptions) {
  const { topic, owned, lanes, log } = options
  const commitFresh = createFreshCommitter(options)

  return async (consumer: PartitionConsumer, batch: RecordBatch): Promise<void> => {
    const { partition, records, firstOffset, highWatermark } = batch
    const ownership = owned.get(partition)
    const committer = ownership?.committer
    if (!ownership || !committer || batch.isStale()) return
    const readFrom = (offset: number) => seek(consumer, partition, ownership, offset)

    const finding = ownership.check?.(records, ownership.position)
    if (finding) {
      log[finding.log === 'another' ? 'warn' : 'info'](
        { partition, from: finding.from },
        `${topic} is shorter than it was: ${NEXT_STEP[finding.log]}`,
      )
      if (finding.log === 'another') committer.goBack(finding.from)
      readFrom(finding.from)
      if (finding.log === 'unknown') await sleep(STALE_PAUSE_MS)
      return
    }

    if (firstOffset > committer.next()) {
      if (ownership.jumpedTo !== firstOffset) {
        ownership.jumpedTo = firstOffset
        return readFrom(committer.next())
      }
      log.error(
        { partition, from: committer.next(), to: firstOffset },
        'records were removed before they were classified',
      )
    }

    ownership.end = highWatermark
    lanes.observe(partition, highWatermark - committer.next())
    const fresh = records.filter(({ offset }) => Number(offset) >= committer.next())
    // Fetched from where a transaction began during which the consumer joined again: it would come again and again.
    if (fresh.length === 0) return readFrom(committer.next())
    return commitFresh(consumer, batch, ownership, committer, fresh)
  }
}

/** Moves a partition past a batch of nothing but markers and aborted records. */
export const createEmptyBatchConsumer =
  (owned: BatchOptions['owned']) =>
  ({ partition, firstOffset, lastOffset }: BatchRange): void => {
    const ownership = owned.get(partition)
    const committer = ownership?.committer
    if (!ownership || !committer || firstOffset > committer.next()) return
    committer.advance(lastOffset + 1)
    ownership.position = committer.next()
  }

/** Commits the records without a decision, then rests if none are left. */
const createFreshCommitter =
  ({ owned, lanes, handOver, reclaim, committed, log }: BatchOptions) =>
  async (
    consumer: PartitionConsumer,
    batch: RecordBatch,
    ownership: Ownership,
    committer: OutcomeCommitter,
    fresh: StoredRecord[],
  ): Promise<void> => {
    const { partition, highWatermark } = batch
    const startedAt = performance.now()
    for (const records of splitIntoTransactions(fresh)) {
      if (!batch.isRunning() || batch.isStale() || owned.get(partition) !== ownership) return
      if (lanes.mustPause(partition)) return lanes.pause(partition)
      try {
        ownership.idleSince = undefined
        handOver(partition)
        await committer.commit(records)
        ownership.idleSince = performance.now()
        committed(partition)
      } catch (error) {
        log.warn({ partition, error: String(error) }, 'transaction failed, claiming the partition again')
        reclaim(consumer, batch, ownership, error)
        // A frozen broker may also coordinate the group: a heartbeat finds out that another one does now.
        return batch.heartbeat()
      }
      const last = records.at(-1)
      if (last) batch.resolve(Number(last.offset))
      if (!batch.isStale()) ownership.position = committer.next()
      lanes.observe(partition, highWatermark - committer.next())
      await batch.heartbeat()
    }
    // Markers may follow them.
    if (!batch.isStale() && owned.get(partition) === ownership) {
      committer.advance(batch.lastOffset + 1)
      ownership.position = committer.next()
    }
    if (committer.next() >= highWatermark) await sleep(restAfter(performance.now() - startedAt))
  }

/**
 * How long a partition that is not behind rests after its transactions, by the time that they took, both in
 * milliseconds. A transaction costs the brokers three requests and several log writes, whatever its size. Without a rest
 * each takes the few records that came during the previous one, and at 300 checkouts/s two cores have no time for
 * anything else. After quick transactions the rest is short; a loaded broker gets longer ones, up to a limit.
 */
export function restAfter(tookMs: number): number {
  return Math.min(REST_PER_TIME_TAKEN * tookMs, LONGEST_REST_MS)
}
