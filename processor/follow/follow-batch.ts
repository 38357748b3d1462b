import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { BatchRange, PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import type { FollowPositions } from './positions.ts'
import { lastLog, lastResume, readClaim, readOutcome } from './read-outcome.ts'
import { createStaleFetches } from './stale-fetches.ts'

interface BatchOptions {
  topic: string
  readModel: OutcomeStore & LogChanges
  positions: FollowPositions
  follows: (partition: number) => boolean
  /** Called with the records that are added; undefined: without traces. */
  trace: ((partition: number, records: readonly StoredRecord[]) => void) | undefined
  logger: Logger
}

// Fetches may stay stale for seconds.
const STALE_PAUSE_MS = 100

/** Appends the records of a batch to the read model, or lets the consumer read on from elsewhere. */
export function createBatchFollower({ topic, readModel, positions, follows, trace, logger }: BatchOptions) {
  const staleFetches = createStaleFetches(readModel)
  const skip = (partition: number) => (offset: string) =>
    logger.warn({ topic, partition, offset }, 'Skipping a record that is not an outcome')

  return async (consumer: PartitionConsumer, batch: RecordBatch): Promise<void> => {
    const { partition, records: fetched, firstOffset, lastOffset } = batch
    if (batch.isStale() || !follows(partition)) return
    const state = readModel.partition(partition)
    if (firstOffset > state.next && positions.isNewJump(partition, firstOffset)) {
      positions.seek(consumer, partition)
      return
    }

    const log = lastLog(fetched) ?? state.log
    const isBack = firstOffset < positions.of(partition)
    const isAnother = readModel.isAnotherLog(partition, log)
    if (isBack && !isAnother && staleFetches.areStale(partition, fetched)) {
      positions.seek(consumer, partition)
      await sleep(STALE_PAUSE_MS)
      return
    }
    if (isBack || isAnother) {
      logger.error(
        { partition, first: firstOffset },
        `${topic} was recreated: following it from its beginning`,
      )
      readModel.forget(partition)
      positions.seek(consumer, partition)
      return
    }

    const onOther = skip(partition)
    const added = fetched.filter(({ offset }) => Number(offset) >= state.next)
    const records = added
      .map((record) => readOutcome(partition, record, onOther))
      .filter((record) => record !== undefined)
    trace?.(partition, added)
    const next = Math.max(state.next, lastOffset + 1)
    await readModel.append(partition, {
      records: records.map(({ record }) => record),
      claims: added.flatMap((record) => readClaim(partition, record) ?? []),
      next,
      resume: lastResume(records, state.resume),
      log,
    })
    batch.resolve(lastOffset)
    if (!batch.isStale()) positions.set(partition, next)
    staleFetches.areOver(partition)
    await batch.heartbeat()
  }
}

/** Moves the read model past a batch without records, so that it stays at the position of the consumer. */
export const createEmptyBatchFollower =
  ({ readModel, follows }: Pick<BatchOptions, 'readModel' | 'follows'>) =>
  ({ partition, firstOffset, lastOffset }: BatchRange): void => {
    const { next, resume, log } = readModel.partition(partition)
    if (!follows(partition) || firstOffset > next || lastOffset < next) return
    void readModel.append(partition, { records: [], next: lastOffset + 1, resume, log })
  }
