import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { consumerConfig } from './consumer-config.ts'
import { findCoordinator } from './find-coordinator.ts'
import type { ConsumerOptions, RunningConsumer } from './partition-consumer.ts'
import { runConsumer } from './run-consumer.ts'
import { createAssigners, type Knowledge } from './sticky-assigner.ts'

export interface GroupOptions extends ConsumerOptions {
  groupId: string
  /** A member that is silent for longer loses its partitions. */
  sessionTimeoutMs: number
  /** What this member tells its group each time that it joins: see assign-partitions.ts. */
  knows: () => Knowledge
}

/** Consumes the partitions that the group assigns to this member, from where it seeks. */
export function consumeGroup({
  kafka,
  groupId,
  sessionTimeoutMs,
  knows,
  ...options
}: GroupOptions & { kafka: KafkaClient }): RunningConsumer {
  const partitionAssigners = createAssigners({ topic: options.topic, knows })
  return runConsumer({
    ...options,
    create: () =>
      kafka.consumer({
        ...consumerConfig,
        groupId,
        partitionAssigners,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: sessionTimeoutMs,
      }),
    findCoordinator: () => findCoordinator(kafka, groupId),
  })
}
