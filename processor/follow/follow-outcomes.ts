import type { Consumer, ConsumerEndBatchProcessEvent, Kafka } from 'kafkajs'
import type { Logger } from 'pino'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import { fetching, patience, runConsumer } from '../kafka/run-consumer.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import { createBatchFollower } from './follow-batch.ts'
import { createFollowPositions } from './positions.ts'

interface FollowOptions {
  kafka: Kafka
  topic: string
  partitions: number
  /** Names a group of this process alone: it is there only because kafkajs cannot consume without one. */
  groupPrefix: string
  /** Resolves when a group has a coordinator that answers. */
  findCoordinator: (groupId: string) => Promise<unknown>
  readModel: OutcomeStore & LogChanges
  /** Follow no partition but those that this member owns; all of them otherwise. */
  onlyOwned: boolean
  refusals: ClientRefusals
  log: Logger
}

/** Follows Notifications into the read model, committed records only, from where the read model ends. */
export function followOutcomes(options: FollowOptions) {
  const { kafka, topic, partitions, groupPrefix, readModel, onlyOwned, log } = options
  const followed = new Set<number>(onlyOwned ? [] : Array(partitions).keys())
  const follows = (partition: number) => followed.has(partition)
  const positions = createFollowPositions(topic, readModel)
  const groups: string[] = []
  let joined: Consumer | undefined

  const running = runConsumer({
    create: () => {
      // In the group of the consumer before it, a new one would have to wait until that one's session has expired.
      const groupId = `${groupPrefix}-${groups.length}`
      groups.push(groupId)
      return createFollowingConsumer(kafka, groupId, (batch) => followEmptyBatch(readModel, follows, batch))
    },
    topic,
    partitions,
    begin: Promise.resolve(),
    onJoin: (consumer, assigned) => {
      joined = consumer
      for (const partition of assigned) {
        positions.seek(consumer, partition)
        if (!follows(partition)) consumer.pause([{ topic, partitions: [partition] }])
      }
    },
    eachBatch: createBatchFollower({ topic, readModel, positions, follows, logger: log }),
    findCoordinator: () => options.findCoordinator(groups.at(-1) ?? ''),
    onEnd: () => {
      joined = undefined
      return Promise.resolve()
    },
    refusals: options.refusals,
    log,
  })

  /** What is on its way when following ends comes to nothing: only one at a time adds to a partition of the read model. */
  function turn(partition: number, on: boolean) {
    if (follows(partition) === on) return
    const consumer = joined === running.current() ? joined : undefined
    if (!on) {
      followed.delete(partition)
      consumer?.pause([{ topic, partitions: [partition] }])
      return
    }
    followed.add(partition)
    if (!consumer) return
    positions.seek(consumer, partition)
    consumer.resume([{ topic, partitions: [partition] }])
  }

  return {
    follows,

    /** Goes on from where the read model ends, which may be far behind. */
    begin: (partition: number): void => turn(partition, true),

    /** From now on its owner, this member, adds to the read model what it commits. */
    handOver: (partition: number): void => turn(partition, false),

    /** This member owns it no longer. */
    end: (partition: number): void => turn(partition, !onlyOwned),

    stop: () => running.stop(),
    /** Those that it has consumed in; of no more use after it was stopped. */
    groups: (): readonly string[] => groups,
  }
}

export type OutcomeFollower = ReturnType<typeof followOutcomes>

type ProcessedBatch = ConsumerEndBatchProcessEvent['payload']

function createFollowingConsumer(kafka: Kafka, groupId: string, onBatch: (batch: ProcessedBatch) => void) {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, ...fetching, ...patience })
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => onBatch(payload))
  return consumer
}

/** Batches of nothing but markers and aborted records never reach eachBatch, but are followed all the same. */
function followEmptyBatch(
  readModel: OutcomeStore,
  follows: (partition: number) => boolean,
  { partition, firstOffset, lastOffset, batchSize }: ProcessedBatch,
) {
  const { next, resume, log } = readModel.partition(partition)
  if (batchSize > 0 || firstOffset === null || !follows(partition)) return
  if (Number(firstOffset) > next || Number(lastOffset) < next) return
  void readModel.append(partition, { records: [], next: Number(lastOffset) + 1, resume, log })
}
