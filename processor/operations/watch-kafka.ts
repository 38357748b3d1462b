import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import { replicationReader } from '../../backbone/kafka/describe-replication.ts'
import type { TopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { kafkaStateOf } from '../../backbone/operations/kafka-state.ts'
import type { SystemModel } from '../../backbone/operations/system-model.ts'
import type { KafkaState } from '../../backbone/operations/system-state.ts'
import { within } from '../../backbone/process/with-timeout.ts'

interface WatchOptions {
  admin: KeptAdmin
  dataTopic: string
  /** All topics of this system. */
  topics: readonly string[]
  model: Pick<SystemModel, 'sampleEnds' | 'kafkaAnswers' | 'kafkaFails'>
  /** How often to describe the brokers, in milliseconds; undefined while nobody reads it. */
  describeEvery: () => number | undefined
  log: Logger
}

const INTERVAL_MS = 1_000
const ANSWER_WITHIN_MS = 3_000
const MINUTE_MS = 60_000
/** Where a log ended so many minutes ago tells how old the records are that were there when this process started. */
const MINUTES_BEFORE = [1440, 720, 360, 180, 60, 30, 15, 10, 5, 3, 2, 1]

/**
 * Samples the ends of DataTopic, which give the age of a backlog that began when nobody read it, and describes the brokers
 * while somebody reads.
 */
export function watchKafka({ admin, dataTopic, topics, model, describeEvery, log }: WatchOptions) {
  const stopping = new AbortController()
  const readReplication = replicationReader()
  let hasPast = false
  let described: KafkaState | null = null

  async function samplePast(connected: TopicAdmin, now: number) {
    for (const minutes of MINUTES_BEFORE) {
      const at = now - minutes * MINUTE_MS
      model.sampleEnds(at, await connected.fetchOffsetsAt(dataTopic, at))
    }
  }

  async function query(connected: TopicAdmin): Promise<KafkaState | null> {
    const ends = await connected.fetchTopicOffsets(dataTopic)
    const now = Date.now()
    // In an empty log no record has an age. A new Kafka takes long for two dozen requests.
    if (!hasPast && ends.some(({ low, high }) => low !== high)) await samplePast(connected, now)
    hasPast = true
    model.sampleEnds(now, new Map(ends.map(({ partition, high }) => [partition, Number(high)])))
    const every = describeEvery()
    if (every === undefined) described = null
    else if (described === null || Date.now() - described.at >= every) described = await describe(connected)
    return described
  }

  async function describe(connected: TopicAdmin): Promise<KafkaState> {
    const { nodeIds } = await connected.describeCluster()
    return kafkaStateOf(nodeIds, await readReplication(connected, topics), Date.now())
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const began = Date.now()
      const state = admin.use((connected) => query(connected))
      try {
        model.kafkaAnswers(await within(ANSWER_WITHIN_MS, state))
      } catch (error) {
        model.kafkaFails(began)
        log.debug({ error: String(error) }, 'Querying Kafka for its brokers failed')
      }
      const rest = Math.max(0, INTERVAL_MS - (Date.now() - began))
      await sleep(rest, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const polling = poll()

  return {
    async stop(): Promise<void> {
      stopping.abort()
      await admin.close()
      await polling
    },
  }
}
