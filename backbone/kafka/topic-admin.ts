import { setTimeout as sleep } from 'node:timers/promises'
// Node finds no enumeration among its named exports.
import kafkajs from 'kafkajs'
import type { KafkaClient } from './client.ts'

/** Offsets are decimal digits: 64 bits. */
interface PartitionEnds {
  partition: number
  /** Offset of the oldest record that is kept. */
  low: string
  /** Where the committed records end: that of the first open transaction, or that the next record will have. */
  high: string
}

export interface ReplicaAssignment {
  partition: number
  /** Broker ids, the preferred leader first. */
  replicas: number[]
}

export interface NewTopic {
  topic: string
  assignment: ReplicaAssignment[]
  config: Record<string, string>
}

export interface PartitionReplicas {
  partition: number
  /** -1 if it has none. */
  leader: number
  replicas: number[]
  inSync: number[]
}

export interface Cluster {
  id: string
  nodeIds: number[]
}

/**
 * What the programs ask Kafka about topics and groups. All but `disconnect` reject with Kafka's own name of an error as
 * `type`, on the error or on one that it wraps: see refusal.ts.
 */
export interface TopicAdmin {
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** Needs no right. */
  describeCluster(): Promise<Cluster>
  listTopics(): Promise<string[]>
  /** Rejects when the broker that is asked does not know the topic, or not yet. */
  countPartitions(topic: string): Promise<number>
  /** Topics that exist stay as they are. Does not wait until all brokers know the new ones. */
  createTopics(topics: NewTopic[]): Promise<void>
  /** Changes nothing, and rejects if `createPartitions` would be refused. */
  checkPartitions(topic: string, count: number): Promise<void>
  /** Needs the right to alter the topic. Resolves when all its partitions have a leader. */
  createPartitions(topic: string, count: number): Promise<void>
  fetchTopicOffsets(topic: string): Promise<PartitionEnds[]>
  /** By partition, the offset of the first record that is not older, or where the partition ends if there is none. */
  fetchOffsetsAt(topic: string, timestamp: number): Promise<Map<number, number>>
  /** Brokers by id. Rejects as `countPartitions` does. */
  describeReplicas(topic: string): Promise<PartitionReplicas[]>
  /** Needs the right to describe the topic's configuration; undefined if there is no such setting. */
  fetchTopicSetting(topic: string, name: string): Promise<string | undefined>
  /** What a group has committed; -1 where it has committed nothing. */
  fetchGroupOffsets(groupId: string, topic: string): Promise<{ partition: number; offset: string }[]>
  /** Rejects when the coordinator of the group does not answer. */
  findCoordinator(groupId: string): Promise<void>
  deleteGroups(groupIds: string[]): Promise<void>
}

const LED_WITHIN_MS = 10_000
const LED_CHECK_MS = 50

export function createTopicAdmin(client: KafkaClient): TopicAdmin {
  const admin = client.admin()
  const inTurn = createTurns()
  const fetchPartitions = async (topic: string) => {
    const { topics } = await inTurn(() => admin.fetchTopicMetadata({ topics: [topic] }))
    return topics[0]?.partitions ?? []
  }
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    async describeCluster() {
      const { clusterId, brokers } = await inTurn(() => admin.describeCluster())
      return { id: clusterId, nodeIds: brokers.map(({ nodeId }) => nodeId) }
    },
    listTopics: () => admin.listTopics(),
    countPartitions: async (topic) => (await fetchPartitions(topic)).length,
    async createTopics(topics) {
      // Resolves with false, which is no error, when all of them exist: another process may have created them meanwhile.
      await admin.createTopics({
        // With `true` it asks one broker, which may not know the topics yet, and fails.
        waitForLeaders: false,
        topics: topics.map(({ topic, assignment, config }) => ({
          topic,
          replicaAssignment: assignment,
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        })),
      })
    },
    async checkPartitions(topic, count) {
      await admin.createPartitions({ topicPartitions: [{ topic, count }], validateOnly: true })
    },
    async createPartitions(topic, count) {
      await admin.createPartitions({ topicPartitions: [{ topic, count }], validateOnly: false })
      for (const giveUp = Date.now() + LED_WITHIN_MS; ; await sleep(LED_CHECK_MS)) {
        const partitions = await fetchPartitions(topic).catch(() => [])
        if (partitions.length >= count && partitions.every(({ leader }) => leader >= 0)) return
        if (Date.now() > giveUp) throw new Error(`the new partitions of ${topic} have no leaders yet`)
      }
    },
    fetchTopicOffsets: (topic) => inTurn(() => admin.fetchTopicOffsets(topic)),
    async fetchOffsetsAt(topic, timestamp) {
      const offsets = await inTurn(() => admin.fetchTopicOffsetsByTimestamp(topic, timestamp))
      return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]))
    },
    async describeReplicas(topic) {
      const partitions = await fetchPartitions(topic)
      return partitions.map(({ partitionId, leader, replicas, isr }) => ({
        partition: partitionId,
        leader,
        replicas,
        inSync: isr,
      }))
    },
    async fetchTopicSetting(topic, name) {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }],
      })
      return resources[0]?.configEntries.find(({ configName }) => configName === name)?.configValue
    },
    async fetchGroupOffsets(groupId, topic) {
      const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] })
      return offsets?.partitions ?? []
    },
    async findCoordinator(groupId) {
      await admin.describeGroups([groupId])
    },
    async deleteGroups(groupIds) {
      try {
        await admin.deleteGroups(groupIds)
      } catch (error) {
        throw error instanceof Error && 'groups' in error ? errorsOfGroups(error, error.groups) : error
      }
    },
  }
}

/** kafkajs 2.2.4 has them in a field of its own. */
const errorsOfGroups = (cause: Error, groups: unknown): AggregateError =>
  new AggregateError(
    [groups].flat().map((group) => (group as { error: unknown }).error),
    cause.message,
    { cause },
  )

/**
 * kafkajs 2.2.4 keeps the metadata of those topics only that were asked for last. A request for the offsets of one topic
 * fails with a TypeError if metadata of another one arrives meanwhile.
 */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return function inTurn<Result>(ask: () => Promise<Result>): Promise<Result> {
    const answer = last.then(ask)
    last = answer.catch(() => undefined)
    return answer
  }
}
