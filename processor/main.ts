import { randomUUID } from 'node:crypto'
import { createAccess } from '../backbone/access/authenticate.ts'
import { openKeyring } from '../backbone/access/keyring.ts'
import { publishMember } from '../backbone/figures/publish-member.ts'
import { healthCheck } from '../backbone/http/health-check.ts'
import { listenOrExit } from '../backbone/http/listen-or-exit.ts'
import { allowedHosts } from '../backbone/http/listen-settings.ts'
import { watchService } from '../backbone/http/service-metrics.ts'
import { createFiguresSender } from '../backbone/kafka/figures-sender.ts'
import { openKafka } from '../backbone/kafka/open-kafka.ts'
import { drainTimes } from '../backbone/process/draining.ts'
import { createLog, instanceName } from '../backbone/process/log.ts'
import { logProcessEvents } from '../backbone/process/log-process-events.ts'
import { createRegistry } from '../backbone/process/metrics.ts'
import { settingsOrExit } from '../backbone/process/settings.ts'
import { drainOnSignal } from '../backbone/process/shutdown.ts'
import { createApp } from './app.ts'
import { fixedRules, longestClaimMs, openMessages, readConfig } from './config.ts'
import { consumePartitions } from './consume/consume-partitions.ts'
import { consumerRefusals } from './consume/consumer-refusals.ts'
import { createStartingOffset } from './consume/starting-offset.ts'
import { followDeadLetters } from './dead-letters/follow-dead-letters.ts'
import { createDeliveryMemory } from './deliveries/delivery-memory.ts'
import { createDecisionCounts, type Progress, processorFigures } from './figures.ts'
import { followOutcomes } from './follow/follow-outcomes.ts'
import { watchLog } from './follow/watch-log.ts'
import { countPartitions } from './history/count-partitions.ts'
import { openHistory } from './history/open-history.ts'
import { openInsights } from './insights/open-insights.ts'
import { deleteGroups } from './kafka/delete-groups.ts'
import { createOutcomeProducer } from './kafka/outcome-producer.ts'
import { createPartitionGrowth } from './layout/grow-partitions.ts'
import { countDecisions, countStreams, describeKinds, watchMember } from './metrics.ts'
import { openTopics } from './open-topics.ts'
import { collectMoves } from './operations/collect-moves.ts'
import { observeSystem } from './operations/observe-system.ts'
import { watchSystem } from './operations/system-metrics.ts'
import { exitOnFailure } from './read-model/exit-on-failure.ts'
import { openReadModel } from './read-model/open-read-model.ts'
import { createStartingApp } from './starting-app.ts'
import { openTimelines } from './timeline/open-timelines.ts'
import { openTraces } from './tracing/open-traces.ts'

const DRAIN_DEADLINE_MS = 15_000

const config = settingsOrExit(readConfig)
const log = createLog('processor', config)
const name = instanceName('processor', config)
const registry = createRegistry()
logProcessEvents(log)
const memberId = randomUUID()
const messageFiles = settingsOrExit(() => openMessages(config))
const keyring = settingsOrExit(() => openKeyring(config, log))
const {
  client: kafka,
  admin,
  refusals,
  throttling,
} = settingsOrExit(() =>
  openKafka(config, `checkout-processor-${memberId}`, {
    onRefusal: (detail) => member.report('access-refused', { detail }),
    registry,
    log,
  }),
)
const draining = new AbortController()
const access = createAccess(keyring)
const hosts = allowedHosts(config)
const onError = (error: unknown, requestId: string) => log.error({ requestId, err: error }, 'Request failed')
const shutdownCheck = () => healthCheck('shutdown', draining.signal.aborted ? 'Shutting down' : undefined)

let checks = () => [
  shutdownCheck(),
  healthCheck('kafka', refusals.detail() ?? 'the topics are not known yet'),
]
const decisions = createDecisionCounts()
const streams = countStreams(registry)
watchService(registry, { checks: () => checks(), keyring })
/** Undefined until the topics are known. */
let progress: Progress | undefined
const member = publishMember({
  name,
  topic: config.FIGURES_TOPIC,
  sender: createFiguresSender(kafka, config),
  refusals,
  checks: () => checks(),
  own: () => processorFigures({ decisions, streams, progress, servesResults: config.SERVE_RESULTS }),
  log,
})

// Before Kafka responds: a liveness probe must not restart this process while it waits.
let app = createStartingApp({ access, allowedHosts: hosts, checks, onError, registry })
const server = await listenOrExit(config, (...request) => app.fetch(...request), log)
/** Each is known once its parts have been started. */
let releasePartitions: () => Promise<void> = async () => undefined
let stopParts: () => Promise<void> = async () => undefined
drainOnSignal(
  async (signal) => {
    draining.abort(signal)
    member.report('stopping')
    // Others claim the partitions while this one still answers.
    await Promise.all([server.stop(drainTimes(draining.signal).noticeMs), releasePartitions()])
    await stopParts()
    await member.close()
    await admin.close()
  },
  DRAIN_DEADLINE_MS,
  log,
)
const opened = await openTopics({ config, client: kafka, admin, refusals, registry, log })
const { topics, layout, home, homes, partitions, followed, cluster } = opened
const counted = countPartitions(config.DATA_TOPIC)
const readModel = openReadModel({
  path: config.VIEW_FILE,
  onAppend: counted.appended,
  partitions: followed(),
  onFailure: exitOnFailure(config.VIEW_FILE, log),
})
const traces = await openTraces({ config, instance: name, readModel, log })
const follower = followOutcomes({
  kafka,
  topic: config.NOTIFICATIONS_TOPIC,
  cluster,
  partitions: followed(),
  groupPrefix: `${config.GROUP_ID}-view-${memberId}`,
  readModel,
  onlyOwned: !config.SERVE_RESULTS,
  trace: traces.followed,
  refusals: refusals.client({
    operation: 'Read',
    topic: config.NOTIFICATIONS_TOPIC,
    group: `${config.GROUP_ID}-view-*`,
  }),
  log,
})
const logTopic = { topic: config.NOTIFICATIONS_TOPIC, follows: follower.follows }
const watch = watchLog({ ...logTopic, admin, readModel, log })
const toFollow = { kafka, admin, settings: config, topics, homes, memberId, refusals, log }
const letters = config.SERVE_RESULTS ? followDeadLetters(toFollow) : undefined
const rules = fixedRules(config, messageFiles.messages)
const deadLetters = { topic: config.DEAD_LETTER_TOPIC, partitions: topics.deadLetters }
const countForMetrics = countDecisions(registry)
describeKinds(registry, messageFiles.messages)
const moves = collectMoves(member.report)
const consumer = consumePartitions({
  kafka,
  topic: config.DATA_TOPIC,
  partitions: partitions(),
  layout,
  layoutTopics: config,
  admin,
  groupId: config.GROUP_ID,
  begin: config.SERVE_RESULTS ? watch.untilCaughtUp() : Promise.resolve(),
  outcomes: follower,
  longestClaimMs: longestClaimMs(config),
  longestBrowseWaitMs: config.BROWSE_WAIT_MS,
  claims: {
    createProducer: (partition) => createOutcomeProducer(kafka, `${config.GROUP_ID}-${partition}`),
    topic: config.NOTIFICATIONS_TOPIC,
    memberId,
    member: name,
    cluster,
    readModel,
    startingOffset: createStartingOffset({ admin, topic: config.DATA_TOPIC, groupId: config.GROUP_ID, log }),
  },
  commits: {
    rules,
    dataTopic: config.DATA_TOPIC,
    notificationsTopic: config.NOTIFICATIONS_TOPIC,
    deadLetters,
    followUps: { topic: config.FOLLOW_UP_TOPIC, partitions: topics.followUps },
    readModel,
    now: () => new Date(),
    count: (committed) => {
      countForMetrics(committed)
      decisions.count(committed)
    },
    trace: traces.transaction,
  },
  onClaim: (partition) => moves.add('partition-claimed', partition),
  onRelease: (partition) => moves.add('partition-released', partition),
  refusals: consumerRefusals(refusals, config),
  log,
})

watchMember(registry, { lags: consumer.lags, readModelLag: watch.lag, readModel, viewFile: config.VIEW_FILE })

const deliveries = traces.deliveries(createDeliveryMemory({ process: name, readModel }))
const known = { memberId, partitions: followed, homes, readModel, rules, deadLetters, deliveries }
const timelines = openTimelines({ kafka, admin, refusals, config, ...known, log })
const ofThis = { kafka, config, memberId, refusals, log }
const observer = observeSystem({ ...ofThis, homePartitions: home, member })
opened.listen({
  added: () => observer?.renew(),
  grown: (count) => [readModel, follower, consumer].forEach((part) => part.grow(count)),
})
const decided = () => decisions.decided()
const foresee = observer?.foresee ?? (() => undefined)
const history = openHistory({ ...ofThis, counted, readModel, consumer, decided, foresee, registry })
const growth =
  observer &&
  createPartitionGrowth({ kafka, config, layout, admin, readModel, refusals, state: observer.state, log })
if (observer) watchSystem(registry, observer)
progress = { claimed: consumer.claimed, readModelLag: watch.lag }
checks = () => [
  shutdownCheck(),
  healthCheck('kafka', refusals.detail()),
  healthCheck('results', config.SERVE_RESULTS ? watch.behind() : undefined),
  healthCheck('partitions', consumer.settled() ? undefined : 'partitions are being claimed'),
  healthCheck('dead letters', refusals.warning() ?? letters?.behind(), 'warn'),
  healthCheck('topics', opened.watch.mismatch(), 'warn'),
  healthCheck('quotas', throttling.warning(), 'warn'),
]
app = createApp({
  access,
  allowedHosts: hosts,
  readModel,
  deadLetters: letters,
  composeTimeline: timelines.compose,
  askWhySlow: openInsights(config),
  deliveries,
  observer,
  forecasts: history.forecasts,
  growth,
  messageFiles,
  mostStreams: config.STREAMS_PER_KEY,
  checks,
  streamBegins: () => streams.begins(),
  withoutResults: () =>
    config.SERVE_RESULTS ? watch.withheld() : 'this processor only classifies (SERVE_RESULTS)',
  draining: draining.signal,
  onError,
  tracing: traces.tracing,
  registry,
  log,
})
releasePartitions = async () => {
  await history.writeLast()
  await consumer.stop()
  moves.report()
}
const readers = [follower, timelines, history, ...(observer ? [observer] : [])]
stopParts = async () => {
  watch.stop()
  await opened.stop()
  await Promise.all([...readers.map((reader) => reader.stop()), letters?.stop()])
  const groups = readers.flatMap((reader) => reader.groups())
  const deleted = deleteGroups(groups, { admin, refusals, prefix: `${config.GROUP_ID}-`, log })
  await Promise.all([readModel.close(), traces.close(), deleted])
}
