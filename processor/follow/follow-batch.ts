import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { BatchRange, PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import type { LogChanges, OutcomeStore, PartitionOwners } from '../read-model/outcome-store.ts'
import type { FollowPositions } from './positions.ts'
import { readLog } from './read-log.ts'
import { lastResume, readOutcome } from './read-outcome.ts'
import { createStaleFetches } from './stale-fetches.ts'

interface BatchOptions {
  topic: string
  /** Id of the Kafka cluster. */
  cluster: string
  readModel: OutcomeStore & LogChanges & PartitionOwners
  positions: FollowPositions
  follows: (partition: number) => boolean
  /** Called with the records that are added; undefined: without traces. */
  trace: ((partition: number, records: readonly StoredRecord[]) => void) | undefined
  logger: Logger
}

// Fetches may stay stale for seconds.
const STALE_PAUSE_MS = 100

/** Appends the records of a batch to the read model, or lets the consumer read on from elsewhere. */
export function createBatchFollower({
  topic,
  cluster,
  readModel,
  positions,
  follows,
  trace,
  logger,
}: BatchOptions) {
  const staleFetches = createStaleFetches(readModel)
  const warnOfLateCopies = createLateCopiesWarning(topic, logger)
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

    const {
      records: added,
      claims,
      log,
      copied,
      isAnother,
      late,
    } = readLog(partition, fetched, {
      state,
      lastClaim: readModel.ownerAt(partition, Number.POSITIVE_INFINITY),
      cluster,
      isAnotherLog: (name) => readModel.isAnotherLog(partition, name),
    })
    const isBack = firstOffset < positions.of(partition)
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
    const records = added
      .map((record) => readOutcome(partition, record, onOther))
      .filter((record) => record !== undefined)
    trace?.(partition, added)
    if (late > 0) warnOfLateCopies(partition, late)
    const next = Math.max(state.next, lastOffset + 1)
    await readModel.append(partition, {
      records: records.map(({ record }) => record),
      claims,
      next,
      resume: lastResume(records, state, copied),
      log,
      copied,
    })
    batch.resolve(lastOffset)
    if (!batch.isStale()) positions.set(partition, next)
    staleFetches.areOver(partition)
    await batch.heartbeat()
  }
}

/** Warns once for each partition. */
function createLateCopiesWarning(topic: string, logger: Logger) {
  const warned = new Set<number>()
  return (partition: number, records: number): void => {
    if (warned.has(partition)) return
    warned.add(partition)
    logger.warn(
      { topic, partition, records },
      'Skipping records that are copied from another cluster after this one has taken over: stop mirroring this topic',
    )
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
