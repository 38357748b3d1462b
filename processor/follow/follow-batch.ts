import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import type { Logger } from 'pino'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import type { FollowPositions } from './positions.ts'
import { lastLog, lastResume, readOutcome } from './read-outcome.ts'
import { createStaleFetches } from './stale-fetches.ts'

interface BatchOptions {
  topic: string
  readModel: OutcomeStore & LogChanges
  positions: FollowPositions
  follows: (partition: number) => boolean
  logger: Logger
}

// A broker that answers so may go on doing it for seconds.
const STALE_PAUSE_MS = 100

/** Appends what was fetched to the read model, or lets the consumer read from elsewhere. */
export function createBatchFollower({ topic, readModel, positions, follows, logger }: BatchOptions) {
  const staleFetches = createStaleFetches(readModel)
  const skip = (partition: number) => (offset: string) =>
    logger.warn({ topic, partition, offset }, 'Skipping a record that is not an outcome')

  return (consumer: Consumer) =>
    async (payload: EachBatchPayload): Promise<void> => {
      const { partition, messages } = payload.batch
      if (payload.isStale() || !follows(partition)) return
      const state = readModel.partition(partition)
      const first = Number(payload.batch.firstOffset())
      if (first > state.next && positions.isNewJump(partition, first)) {
        positions.seek(consumer, partition)
        return
      }

      const log = lastLog(messages) ?? state.log
      const isBack = first < positions.of(partition)
      const isAnother = readModel.isAnotherLog(partition, log)
      if (isBack && !isAnother && staleFetches.areStale(partition, messages)) {
        positions.seek(consumer, partition)
        await sleep(STALE_PAUSE_MS)
        return
      }
      if (isBack || isAnother) {
        logger.error({ partition, first }, `${topic} was recreated: following it from its beginning`)
        readModel.forget(partition)
        positions.seek(consumer, partition)
        return
      }

      const fresh = messages.filter(({ offset }) => Number(offset) >= state.next)
      const onOther = skip(partition)
      const records = fresh
        .map((message) => readOutcome(partition, message, onOther))
        .filter((record) => record !== undefined)
      const next = Math.max(state.next, Number(payload.batch.lastOffset()) + 1)
      await readModel.append(partition, {
        records: records.map(({ record }) => record),
        next,
        resume: lastResume(records, state.resume),
        log,
      })
      payload.resolveOffset(payload.batch.lastOffset())
      if (!payload.isStale()) positions.set(partition, next)
      staleFetches.areOver(partition)
      await payload.heartbeat()
    }
}
