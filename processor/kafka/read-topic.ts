import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { consumerConfig } from './consumer-config.ts'
import { findCoordinator } from './find-coordinator.ts'
import type { ConsumerOptions, RunningConsumer } from './partition-consumer.ts'
import { runConsumer } from './run-consumer.ts'

interface TopicOptions extends ConsumerOptions {
  kafka: KafkaClient
  /** Names groups of this process alone: kafkajs cannot consume without a group. */
  groupPrefix: string
  /** How much of a partition is asked for at a time, where the default of consumer-config.ts is too much. */
  maxBytesPerPartition?: number
}

export interface TopicReader extends RunningConsumer {
  /** The groups that it has joined; of no more use after it was stopped. */
  groups(): readonly string[]
}

/** Reads all partitions of a topic, from where it seeks. */
export function readTopic({
  kafka,
  groupPrefix,
  maxBytesPerPartition,
  ...options
}: TopicOptions): TopicReader {
  const groups: string[] = []
  const running = runConsumer({
    ...options,
    create: () => {
      // In the group of the consumer before it, a new one would have to wait until that one's session has expired.
      const groupId = `${groupPrefix}-${groups.length}`
      groups.push(groupId)
      return kafka.consumer({
        ...consumerConfig,
        ...(maxBytesPerPartition === undefined ? {} : { maxBytesPerPartition }),
        groupId,
      })
    },
    findCoordinator: () => findCoordinator(kafka, groups.at(-1) ?? ''),
  })
  return { ...running, groups: () => groups }
}
