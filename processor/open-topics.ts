import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { awaitTopics } from '../backbone/kafka/await-topics.ts'
import { homePartitions } from '../backbone/kafka/home-partitions.ts'
import type { openKafka } from '../backbone/kafka/open-kafka.ts'
import { createPartitionMetrics } from '../backbone/kafka/partition-metrics.ts'
import { ensureTopics } from '../backbone/kafka/topics.ts'
import { watchPartitions } from '../backbone/kafka/watch-partitions.ts'
import type { ProcessorSettings } from './config.ts'

interface OpenOptions extends Pick<ReturnType<typeof openKafka>, 'admin' | 'refusals'> {
  config: ProcessorSettings
  registry: Registry
  log: Logger
}

/** Waits for Kafka, creates the topics that are missing, and watches their partitions from then on. */
export async function openTopics({ config, admin, refusals, registry, log }: OpenOptions) {
  const asking = {
    admin,
    refusals: refusals.client({ operation: 'Describe (or Create, where it is missing)' }),
    log,
  }
  const topics = await awaitTopics((connected) => ensureTopics(connected, config), asking)
  const { id: cluster } = await awaitTopics((connected) => connected.describeCluster(), asking)
  // The outcome of a record goes to the partition with the same number. A partition that only one of the topics
  // has is not used.
  const partitions = Math.min(topics.data, topics.notifications)
  const watch = watchPartitions({
    admin,
    topics: config,
    used: partitions,
    expected: ({ data }) => data,
    metrics: createPartitionMetrics(registry),
    log,
  })
  return { topics, partitions, home: homePartitions(config, topics.data, log), watch, cluster }
}
