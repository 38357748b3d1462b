import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { awaitTopics } from '../backbone/kafka/await-topics.ts'
import { homePartitions, warnOfOtherCount } from '../backbone/kafka/home-partitions.ts'
import type { openKafka } from '../backbone/kafka/open-kafka.ts'
import { createPartitionMetrics } from '../backbone/kafka/partition-metrics.ts'
import { ensureTopics } from '../backbone/kafka/topics.ts'
import { watchPartitions } from '../backbone/kafka/watch-partitions.ts'
import { followLayout } from '../backbone/layout/follow-layout.ts'
import { homesNow } from '../backbone/layout/homes.ts'
import type { LayoutState } from '../backbone/layout/layout-state.ts'
import type { ProcessorSettings } from './config.ts'
import { addPartitions } from './layout/add-partitions.ts'

interface OpenOptions extends Pick<ReturnType<typeof openKafka>, 'client' | 'admin' | 'refusals'> {
  config: ProcessorSettings
  registry: Registry
  log: Logger
}

interface GrowthListeners {
  /** Called when partitions were added to the topics. */
  added: () => void
  /** Called when the layout is to have so many partitions. */
  grown: (partitions: number) => void
}

/**
 * Waits for Kafka, creates the topics that are missing, reads the layout, and watches it and the topics' partitions from
 * then on.
 */
export async function openTopics({ config, client, admin, refusals, registry, log }: OpenOptions) {
  const asking = {
    admin,
    refusals: refusals.client({ operation: 'Describe (or Create, where it is missing)' }),
    log,
  }
  const topics = await awaitTopics((connected) => ensureTopics(connected, config), asking)
  const { id: cluster } = await awaitTopics((connected) => connected.describeCluster(), asking)
  let partitions = Number.POSITIVE_INFINITY
  let listeners: GrowthListeners | undefined
  let begunVersion: number | undefined
  const layout = followLayout({
    kafka: client,
    topics: config,
    homes: () => homePartitions(config, topics.data),
    onChange,
    refusals: refusals.client({ operation: 'Read', topic: config.LAYOUT_TOPIC }),
    log,
  })
  await layout.untilKnown()
  void addMissingPartitions(lastUsed(layout.current()))
  // The outcome of a record goes to the partition with the same number. A partition that only one of the topics
  // has is not used.
  const atStart = Math.max(partitionsOf(layout.current()), Math.min(topics.data, topics.notifications))
  partitions = atStart
  begunVersion = lastBegun(layout.current())
  if (begunVersion === 0 && layout.current().change === undefined) warnOfOtherCount(config, topics.data, log)

  /**
   * A copy of the system that was grown on another cluster may have its layout, but not its partitions yet. Others do not wait
   * for them.
   */
  async function addMissingPartitions(used: number): Promise<void> {
    if (used <= Math.min(topics.data, topics.notifications)) return
    log.warn(
      { ...topics, partitions: used },
      'Adding the partitions that the layout has and the topics have not',
    )
    await awaitTopics((connected) => addPartitions(connected, config, used), {
      admin,
      refusals: refusals.client({ operation: 'Alter', topic: config.DATA_TOPIC }, 'warn'),
      log,
    })
    admin.renew()
    listeners?.added()
  }

  function onChange(): void {
    const state = layout.current()
    if (begunVersion === undefined) return
    // Before a change begins, it adds the partitions.
    if (lastBegun(state) > begunVersion) {
      begunVersion = lastBegun(state)
      admin.renew()
      listeners?.added()
    }
    // A process that was frozen learns of a whole change at once.
    if (partitionsOf(state) <= partitions) return
    partitions = partitionsOf(state)
    listeners?.grown(partitions)
  }

  const watch = watchPartitions({
    admin,
    topics: config,
    used: () => partitions,
    expected: ({ data }) => layout.current().change?.partitions ?? data,
    changingTo: () => layout.current().change?.partitions,
    metrics: createPartitionMetrics(registry),
    log,
  })
  return {
    topics,
    layout,
    watch,
    cluster,
    /** Partitions that customers are spread over. */
    home: () => homesNow(layout.current().homes),
    homes: () => layout.current().homes,
    /** Partitions that this process works with. */
    partitions: () => partitions,
    /** Partitions of Notifications that this process reads. */
    followed: () => Math.max(partitions, topics.notifications),

    listen(to: GrowthListeners): void {
      listeners = to
      if (partitions > atStart) to.grown(partitions)
    },

    async stop(): Promise<void> {
      watch.stop()
      await layout.stop()
    },
  }
}

const lastBegun = ({ version, change }: LayoutState): number => (change?.begun ? change.version : version)

/** Those that the log of the layout says are in force; 0 before the first change. */
const inForce = ({ version, homes }: LayoutState): number => (version === 0 ? 0 : homesNow(homes))

/** Those that customers are spread over, or will be in any case. */
const lastUsed = (state: LayoutState): number =>
  state.change?.begun ? state.change.partitions : inForce(state)

/** The most that the log of the layout names. */
const partitionsOf = (state: LayoutState): number => state.change?.partitions ?? inForce(state)
