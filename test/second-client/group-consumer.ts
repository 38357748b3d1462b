import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer, type GroupAssignment } from '@platformatic/kafka'
import type { GroupOptions } from '../../processor/kafka/consume-group.ts'
import type { PartitionConsumer, RunningConsumer } from '../../processor/kafka/partition-consumer.ts'
import { fetchPartition } from './fetch-partition.ts'
import { createPartitionReader, type PartitionReader } from './partition-reader.ts'

const LEAVE_WITHIN_MS = 3_000

const createClient = (brokers: string[], { groupId, sessionTimeoutMs }: GroupOptions) =>
  new Consumer({
    clientId: 'second-client',
    groupId,
    bootstrapBrokers: brokers,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: 1_000,
    maxWaitTime: 250,
    retries: 20,
    retryDelay: 200,
  })

/** Fetches each partition separately: a stream of this library can neither pause a single partition nor seek. */
export function consumeGroup(brokers: string[], options: GroupOptions): RunningConsumer {
  const { topic, begin, onJoin, onEnd, log } = options
  const client = createClient(brokers, options)
  const readers = new Map<number, PartitionReader>()
  const running = new Map<number, Promise<void>>()
  const consumer = createPartitionConsumer(client, topic, readers)
  let heardAt = Number.NEGATIVE_INFINITY
  let stopped = false
  let { partitions } = options
  let latest: readonly GroupAssignment[] = []

  function join(assignments: readonly GroupAssignment[] = []) {
    latest = assignments
    const assigned = assignments
      .flatMap((assignment) => (assignment.topic === topic ? assignment.partitions : []))
      .filter((partition) => partition < partitions)
    for (const reader of readers.values()) reader.stop()
    readers.clear()
    for (const partition of assigned) {
      const fetch = (from: number, offset: number) => fetchPartition(client, topic, from, offset)
      readers.set(partition, createPartitionReader({ ...options, partition, consumer, fetch }))
    }
    onJoin(consumer, assigned)
    // Only one batch of a partition at a time.
    for (const [partition, reader] of readers)
      running.set(
        partition,
        (running.get(partition) ?? Promise.resolve()).then(() => reader.run()),
      )
  }

  client.on('consumer:group:join', ({ assignments }) => {
    heardAt = performance.now()
    if (!stopped) join(assignments)
  })
  client.on('consumer:heartbeat:end', () => {
    heardAt = performance.now()
  })
  client.topics.track(topic)
  const failed = (error: Error) => log.warn({ error: error.message }, 'the group was not joined or left')
  client.on('error', failed)
  begin.then(() => client.joinGroup({})).catch(failed)

  return {
    current: () => (stopped ? undefined : consumer),
    lastHeard: () => heardAt,
    grow(count) {
      partitions = count
      if (!stopped) join(latest)
    },
    async stop() {
      stopped = true
      for (const reader of readers.values()) reader.stop()
      await Promise.all(running.values())
      // The library may wait forever if it rejoins its group at the same time.
      await Promise.race([client.close(true).catch(failed), sleep(LEAVE_WITHIN_MS)])
      onEnd()
    },
  }
}

function createPartitionConsumer(
  client: Consumer,
  topic: string,
  readers: ReadonlyMap<number, PartitionReader>,
): PartitionConsumer {
  return {
    pause: (partition) => readers.get(partition)?.pause(),
    resume: (partition) => readers.get(partition)?.resume(),
    seek: (partition, offset) => readers.get(partition)?.seek(offset),
    commitOffsets: (offsets) =>
      client.commit({
        offsets: Array.from(offsets, ([partition, offset]) => ({
          topic,
          partition,
          offset: BigInt(offset),
          leaderEpoch: -1,
        })),
      }),
  }
}
