import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { consumerConfig } from './consumer-config.ts'
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

interface KafkaOptions {
  kafka: KafkaClient
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: (groupId: string) => Promise<unknown>
}

/** Consumes the partitions that the group assigns to this member, from where it seeks. */
export function consumeGroup({
  kafka,
  groupId,
  sessionTimeoutMs,
  knows,
  findCoordinator,
  ...options
}: GroupOptions & KafkaOptions): RunningConsumer {
  const partitionAssigners = createAssigners({ ...options, knows })
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
    findCoordinator: () => findCoordinator(groupId),
  })
}
