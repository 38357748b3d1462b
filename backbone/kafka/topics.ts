import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { wholeNumber } from '../process/settings.ts'
import { followedUpKinds } from '../records/outcome.ts'
import { lanePartitions } from '../records/partition.ts'
import { hasErrorType } from './error-type.ts'
import type { NewTopic, ReplicaAssignment, TopicAdmin } from './topic-admin.ts'
import { TopicError } from './topic-error.ts'

export const topicSettings = {
  DATA_TOPIC: z.string().default('DataTopic').describe('Topic of accepted checkouts'),
  NOTIFICATIONS_TOPIC: z.string().default('Notifications').describe('Topic of outcomes'),
  DEAD_LETTER_TOPIC: z
    .string()
    .default('DataTopic.dead-letter')
    .describe('Topic of records that break the rules'),
  FOLLOW_UP_TOPIC: z
    .string()
    .default('FollowUp')
    .describe(
      `Topic of the outcomes that the support team follows up: ${new Intl.ListFormat('en').format(followedUpKinds.map((kind) => `\`${kind}\``))}`,
    ),
  FIGURES_TOPIC: z
    .string()
    .default('Figures')
    .describe('Topic of the figures and events of the processes, for the operations page'),
  HISTORY_TOPIC: z
    .string()
    .default('History')
    .describe('Topic of the minute sums of 35 days and of the calendar, for the forecast'),
  LAYOUT_TOPIC: z
    .string()
    .default('Layout')
    .describe('Topic of the number of partitions that customers are spread over, and of its changes'),
  PARTITIONS: wholeNumber(1, 1000)
    .default(6)
    .describe(
      'Partitions of the topics when they are created, that customers are spread over until `npm run partitions` adds some. The same for every process; never change it',
    ),
  RETENTION_HOURS: wholeNumber(1, 24 * 3650)
    .default(168)
    .describe('How long the topics keep their records when they are created; uniqueness holds for as long'),
}

const topicSettingsSchema = z.object(topicSettings)
export type TopicSettings = z.infer<typeof topicSettingsSchema>

/** How many partitions each topic has; `data` and `notifications` must be the same number. */
interface PartitionCounts {
  data: number
  notifications: number
  deadLetters: number
  followUps: number
}

export interface CountsNow {
  data: number
  notifications: number | undefined
}

const ASIDE_PARTITIONS = 3
const DESCRIBE_OR_CREATE = 'Describe (or Create, where it is missing)'
const SETTLING_MS = 10_000
const SETTLING: ReadonlySet<unknown> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'])
const DENIED: ReadonlySet<unknown> = new Set(['TOPIC_AUTHORIZATION_FAILED'])
// An outcome holds its checkout and a message that repeats parts of it, and a dead letter holds more headers than the
// record it came from: the largest record that DataTopic takes (1 MiB by default) must fit in all.
const MAX_DERIVED_RECORD_BYTES = 4 * 1024 * 1024

/** Creates DataTopic when it is missing and returns the number of its partitions: all that a gateway needs. */
export async function ensureDataTopic(admin: TopicAdmin, settings: TopicSettings): Promise<number> {
  await createMissing(admin, settings, { [settings.DATA_TOPIC]: settings.PARTITIONS })
  // Only now: the broker that was asked may not have known a DataTopic that is there, with another number.
  return partitionCount(admin, settings.DATA_TOPIC)
}

/** Creates missing topics. Existing ones are never altered: an operator decides what to do about a mismatch (partition-mismatch.ts). */
export async function ensureTopics(admin: TopicAdmin, settings: TopicSettings): Promise<PartitionCounts> {
  const { NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC } = settings
  const data = await ensureDataTopic(admin, settings)
  await createMissing(admin, settings, {
    [NOTIFICATIONS_TOPIC]: data,
    [DEAD_LETTER_TOPIC]: ASIDE_PARTITIONS,
    [FOLLOW_UP_TOPIC]: ASIDE_PARTITIONS,
  })
  return {
    data,
    notifications: await partitionCount(admin, NOTIFICATIONS_TOPIC),
    deadLetters: await partitionCount(admin, DEAD_LETTER_TOPIC),
    followUps: await partitionCount(admin, FOLLOW_UP_TOPIC),
  }
}

async function createMissing(admin: TopicAdmin, settings: TopicSettings, partitions: Record<string, number>) {
  const existing = await admin.listTopics()
  const missing = Object.entries(partitions).filter(([topic]) => !existing.includes(topic))
  if (missing.length === 0) return
  const { nodeIds } = await admin.describeCluster()
  const sortedIds = nodeIds.toSorted((a, b) => a - b)
  await admin.createTopics(missing.map(([topic, count]) => newTopic(topic, count, sortedIds, settings)))
}

function newTopic(topic: string, partitions: number, nodeIds: number[], settings: TopicSettings): NewTopic {
  const derived = topic !== settings.DATA_TOPIC
  return {
    topic,
    assignment: assignReplicas(partitions, nodeIds),
    config: {
      'retention.ms': String(settings.RETENTION_HOURS * 3_600_000),
      // By the producers' clocks, the broker would delete the records of a producer that is a month behind, and reject
      // those of one that is two hours ahead.
      'message.timestamp.type': 'LogAppendTime',
      ...leastInSync(nodeIds),
      ...(derived
        ? { 'max.message.bytes': String(MAX_DERIVED_RECORD_BYTES) }
        : // The broker then checks the size of what a compressed batch of another program expands to.
          { 'compression.type': 'uncompressed' }),
    },
  }
}

/** With three replicas a 202 must mean two of them, whatever the brokers' own default is. */
const leastInSync = (nodeIds: readonly number[]): Record<string, string> =>
  nodeIds.length >= 3 ? { 'min.insync.replicas': '2' } : {}

/**
 * Creates the topic of figures when it is missing. Compaction leaves the last record of each key, so that a reader which
 * starts has little to read. What is younger than the compaction lag is the history of the plots.
 */
export const ensureFiguresTopic = (admin: TopicAdmin, topic: string): Promise<void> =>
  ensureTopicAside(admin, topic, FIGURES_CONFIG)

/**
 * Creates the topic of the history when it is missing. Only compaction removes records: a processor removes the sums of 35
 * days ago by records without a value, and a calendar event may be a year ahead.
 */
export const ensureHistoryTopic = (admin: TopicAdmin, topic: string): Promise<void> =>
  ensureTopicAside(admin, topic, HISTORY_CONFIG)

/**
 * Creates the topic of the layout when it is missing. Its records are needed for as long as the system exists: only
 * compaction removes some, those that were written again.
 */
export const ensureLayoutTopic = (admin: TopicAdmin, topic: string): Promise<void> =>
  ensureTopicAside(admin, topic, LAYOUT_CONFIG, leastInSync)

async function ensureTopicAside(
  admin: TopicAdmin,
  topic: string,
  config: Record<string, string>,
  more: (nodeIds: readonly number[]) => Record<string, string> = () => ({}),
): Promise<void> {
  if (!(await admin.listTopics()).includes(topic)) {
    const { nodeIds } = await admin.describeCluster()
    const assignment = assignReplicas(
      1,
      nodeIds.toSorted((a, b) => a - b),
    )
    try {
      await admin.createTopics([{ topic, assignment, config: { ...config, ...more(nodeIds) } }])
    } catch (error) {
      throw new TopicError(DESCRIBE_OR_CREATE, topic, error)
    }
  }
  await partitionCount(admin, topic)
}

const FIGURES_CONFIG = {
  'cleanup.policy': 'compact,delete',
  'min.compaction.lag.ms': String(15 * 60_000),
  'segment.ms': String(5 * 60_000),
  'retention.ms': String(24 * 3_600_000),
  'message.timestamp.type': 'LogAppendTime',
}

const LAYOUT_CONFIG = {
  'cleanup.policy': 'compact',
  'message.timestamp.type': 'LogAppendTime',
}

const HISTORY_CONFIG = {
  'cleanup.policy': 'compact',
  // Longer than a frozen owner stays unnoticed: until then, readers still see which sums are the newer ones.
  'min.compaction.lag.ms': String(15 * 60_000),
  'segment.ms': String(3_600_000),
  'message.timestamp.type': 'LogAppendTime',
  'max.message.bytes': String(MAX_DERIVED_RECORD_BYTES),
}

/** Replication min(3, brokers); where there are several brokers, the lanes are led by different ones. */
export function assignReplicas(partitions: number, nodeIds: number[]): ReplicaAssignment[] {
  const browse = lanePartitions('browse', partitions)
  const browseLeaders = Math.max(1, Math.floor(nodeIds.length / 3))
  const purchaseLeaders = Math.max(1, nodeIds.length - browseLeaders)
  return Array.from({ length: partitions }, (_, partition) => {
    const leader =
      partition < browse.first
        ? partition % purchaseLeaders
        : nodeIds.length - 1 - ((partition - browse.first) % browseLeaders)
    const replicas = Array.from(
      { length: Math.min(3, nodeIds.length) },
      (__, i) => nodeIds[(leader + i) % nodeIds.length] ?? 0,
    )
    return { partition, replicas }
  })
}

/**
 * Counts the partitions as they are now; undefined where this process may not describe Notifications, since a gateway needs
 * no right to it. Then the topic is looked for in the list of all topics, because brokers log each denied request for a topic
 * by its name. A user without restrictions may get a long list, but only once. Rejects when a listed topic is missing.
 */
export function createPartitionCounter(topics: Pick<TopicSettings, 'DATA_TOPIC' | 'NOTIFICATIONS_TOPIC'>) {
  let isListed = false

  async function countNotifications(admin: TopicAdmin): Promise<number | undefined> {
    isListed ||= (await admin.listTopics()).includes(topics.NOTIFICATIONS_TOPIC)
    if (!isListed) return undefined
    try {
      return await admin.countPartitions(topics.NOTIFICATIONS_TOPIC)
    } catch (error) {
      if (!hasErrorType(error, DENIED)) throw error
      isListed = false
      return undefined
    }
  }

  return async (admin: TopicAdmin): Promise<CountsNow> => ({
    data: await admin.countPartitions(topics.DATA_TOPIC),
    notifications: await countNotifications(admin),
  })
}

/** Waits for a topic that was created a moment ago until the broker that is asked knows it and its leaders. */
export async function partitionCount(admin: TopicAdmin, topic: string): Promise<number> {
  const giveUp = Date.now() + SETTLING_MS
  for (;;) {
    try {
      return await admin.countPartitions(topic)
    } catch (error) {
      if (!hasErrorType(error, SETTLING) || Date.now() > giveUp)
        throw new TopicError(DESCRIBE_OR_CREATE, topic, error)
      await sleep(50)
    }
  }
}
