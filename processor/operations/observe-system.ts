import type { Logger } from 'pino'
import { keepAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import type { TopicSettings } from '../../backbone/kafka/topics.ts'
import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'
import { HISTORY_MS } from '../../backbone/operations/keep-points.ts'
import { createSystemModel } from '../../backbone/operations/system-model.ts'
import { type OwnFigures, type TickingModel, tickModel } from '../../backbone/operations/tick-model.ts'
import { optionalReads } from '../kafka/optional-reads.ts'
import { followFigures } from './follow-figures.ts'
import { watchKafka } from './watch-kafka.ts'

interface ObserveOptions {
  /** This process. */
  member: OwnFigures
  homePartitions: () => number
  config: TopicSettings & { GROUP_ID: string; SERVE_RESULTS: boolean }
  memberId: string
  kafka: KafkaClient
  refusals: Pick<KafkaRefusals, 'authenticated' | 'explain'>
  log: Logger
}

/** The last viewer may be about to reconnect. */
const GRACE_MS = 15_000
const DESCRIBED_EVERY_MS = { forViewers: 2_000, forMetrics: 10_000 }
/** Longer than usual between two scrapes. */
const SCRAPED_WITHIN_MS = 150_000

/**
 * Knows the state of the whole system, and queries Kafka for more while somebody reads it. Undefined if this member only
 * classifies.
 */
export function observeSystem({
  member,
  config,
  memberId,
  kafka,
  refusals,
  log,
  ...options
}: ObserveOptions) {
  if (!config.SERVE_RESULTS) return undefined
  const { DATA_TOPIC, NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC, GROUP_ID } = config
  const topic = config.FIGURES_TOPIC
  const model = createSystemModel({
    ...options,
    from: member.figures().member,
    partial: false,
    followedSince: Date.now() - HISTORY_MS,
  })
  // Not that of the process: it is replaced after a failure, and others are using it.
  const createAdmin = () => keepAdmin(() => createTopicAdmin(kafka))
  let ticking: TickingModel | undefined
  let viewers = 0
  let watchedUntil = 0
  let scrapedUntil = 0
  function describeEvery(): number | undefined {
    const now = performance.now()
    if (viewers > 0 || now < watchedUntil) return DESCRIBED_EVERY_MS.forViewers
    return now < scrapedUntil ? DESCRIBED_EVERY_MS.forMetrics : undefined
  }
  const watchAdmin = createAdmin()
  const kafkaWatch = watchKafka({
    admin: watchAdmin,
    dataTopic: DATA_TOPIC,
    topics: [DATA_TOPIC, NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC, topic],
    model,
    describeEvery,
    log,
  })
  const follower = followFigures({
    kafka,
    admin: createAdmin(),
    topic,
    dataTopic: DATA_TOPIC,
    groupPrefix: `${GROUP_ID}-figures-${memberId}`,
    model,
    refusals: optionalReads({
      failing: 'Figures are not read',
      restored: 'Figures are read again',
      authenticated: refusals.authenticated,
      explain: (error) =>
        refusals.explain(error, { operation: 'Read', topic, group: `${GROUP_ID}-figures-*` }),
      log,
    }),
    log,
  })
  let isStopping = false
  const begin = async () => {
    await follower.caughtUp
    if (!isStopping) ticking = tickModel(model, member)
  }
  void begin()
  const noteRead = () => {
    watchedUntil = performance.now() + GRACE_MS
  }

  return {
    /** Undefined until the model knows what has happened before. */
    ticks: () => ticking?.ticks,
    /** Call it whenever the state is read. */
    noteRead,
    /** Undefined as ticks are. */
    state: () => ticking?.ticks.latest().state,
    /** Call it whenever the metrics are collected. */
    noteScrape: (): void => {
      scrapedUntil = performance.now() + SCRAPED_WITHIN_MS
    },
    /** Counts a viewer. Call the result when it ends. */
    enter(): () => void {
      viewers++
      return () => {
        viewers--
        noteRead()
      }
    },
    viewers: () => viewers,
    /** Partitions were added to the topics. */
    renew: () => watchAdmin.renew(),
    foresee: model.foresee,
    async stop(): Promise<void> {
      isStopping = true
      ticking?.stop()
      await Promise.all([follower.stop(), kafkaWatch.stop()])
    },
    /** Of no more use after it was stopped. */
    groups: () => follower.groups(),
  }
}

export type SystemObserver = NonNullable<ReturnType<typeof observeSystem>>
