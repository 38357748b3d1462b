import type { Logger } from 'pino'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { readTopic } from '../kafka/read-topic.ts'
import type { LogChanges, OutcomeStore, PartitionOwners } from '../read-model/outcome-store.ts'
import { createBatchFollower, createEmptyBatchFollower } from './follow-batch.ts'
import { createFollowPositions } from './positions.ts'

interface FollowOptions {
  kafka: KafkaClient
  topic: string
  /** Id of the Kafka cluster. */
  cluster: string
  partitions: number
  /** Names groups of this process alone, where the client library needs one. */
  groupPrefix: string
  readModel: OutcomeStore & LogChanges & PartitionOwners
  /** Follow only the partitions that this member owns; otherwise all of them. */
  onlyOwned: boolean
  /** Called with the records that are added to the read model; undefined: without traces. */
  trace?: ((partition: number, records: readonly StoredRecord[]) => void) | undefined
  refusals: ClientRefusals
  log: Logger
}

/** Follows Notifications into the read model, committed records only, from where the read model ends. */
export function followOutcomes(options: FollowOptions) {
  const { topic, cluster, partitions, readModel, onlyOwned, log } = options
  const followed = new Set<number>(onlyOwned ? [] : Array(partitions).keys())
  const readersOfOthers = new Map<number, number>()
  const follows = (partition: number) => followed.has(partition)
  const positions = createFollowPositions(readModel)
  let joined: PartitionConsumer | undefined

  const reader = readTopic({
    ...options,
    begin: Promise.resolve(),
    onJoin: (consumer, assigned) => {
      joined = consumer
      for (const partition of assigned) {
        positions.seek(consumer, partition)
        if (!follows(partition)) consumer.pause(partition)
      }
    },
    onBatch: createBatchFollower({
      topic,
      cluster,
      readModel,
      positions,
      follows,
      trace: options.trace,
      logger: log,
    }),
    onEmptyBatch: createEmptyBatchFollower({ readModel, follows }),
    onEnd: () => {
      joined = undefined
    },
  })

  /** Only one writer adds to a partition of the read model: a fetched batch is dropped when following ends. */
  function turn(partition: number, on: boolean) {
    if (follows(partition) === on) return
    const consumer = joined === reader.current() ? joined : undefined
    if (!on) {
      followed.delete(partition)
      consumer?.pause(partition)
      return
    }
    followed.add(partition)
    if (!consumer) return
    positions.seek(consumer, partition)
    consumer.resume(partition)
  }

  return {
    follows,

    /** Continues from where the read model ends, which may be far behind. */
    begin: (partition: number): void => turn(partition, true),

    /** From now on its owner, this member, adds the outcomes that it commits to the read model. */
    handOver: (partition: number): void => turn(partition, false),

    /** This member owns the partition no longer. */
    end: (partition: number): void => turn(partition, !onlyOwned || readersOfOthers.has(partition)),

    /** Follows a partition of another owner until the result is called, for as long as this member does not own it. */
    followOther(partition: number, isOwned: () => boolean): () => void {
      readersOfOthers.set(partition, (readersOfOthers.get(partition) ?? 0) + 1)
      if (!isOwned()) turn(partition, true)
      return () => {
        const others = (readersOfOthers.get(partition) ?? 1) - 1
        if (others > 0) readersOfOthers.set(partition, others)
        else readersOfOthers.delete(partition)
        if (others === 0 && !isOwned()) turn(partition, !onlyOwned)
      }
    },

    /** Notifications has, or will have, more partitions. */
    grow(count: number): void {
      if (!onlyOwned) for (let partition = partitions; partition < count; partition++) turn(partition, true)
      reader.grow(count)
    },

    stop: () => reader.stop(),
    /** Groups that it has joined; of no more use after it was stopped. */
    groups: () => reader.groups(),
  }
}

export type OutcomeFollower = ReturnType<typeof followOutcomes>
