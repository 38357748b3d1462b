import type { BrokerState, KafkaState } from './system-state.ts'

interface ReplicatedTopic {
  topic: string
  minInSync: number
  partitions: { partition: number; leader: number; replicas: number[]; inSync: number[] }[]
}

/** Brokers that have replicas but are not among `nodeIds` do not answer. */
export function kafkaStateOf(
  nodeIds: readonly number[],
  topics: readonly ReplicatedTopic[],
  at: number,
): KafkaState {
  const all = topics.flatMap(({ topic, minInSync, partitions }) =>
    partitions.map(({ partition, leader, replicas, inSync }) => ({
      place: { topic, partition },
      leader,
      replicas,
      inSync,
      isBelow: inSync.length < minInSync,
    })),
  )
  const ids = new Set([...nodeIds, ...all.flatMap(({ replicas }) => replicas)])
  const brokers = [...ids]
    .toSorted((a, b) => a - b)
    .map(
      (id): BrokerState => ({
        id,
        leads: all.filter(({ leader }) => leader === id).length,
        inSync: all.filter(({ inSync }) => inSync.includes(id)).length,
        replicas: all.filter(({ replicas }) => replicas.includes(id)).length,
        answers: nodeIds.includes(id),
      }),
    )
  return {
    brokers,
    belowMinIsr: all.filter(({ isBelow }) => isBelow).map(({ place }) => place),
    underReplicated: all
      .filter(({ inSync, replicas }) => inSync.length < replicas.length)
      .map(({ place }) => place),
    at,
  }
}
