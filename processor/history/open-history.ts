import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { keepAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { createHistorySender } from '../../backbone/kafka/history-sender.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import type { TopicSettings } from '../../backbone/kafka/topics.ts'
import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { ForecastState } from '../../backbone/operations/forecast-state.ts'
import type { ForeseenExcess } from '../../backbone/operations/foreseen-excess.ts'
import type { StoredCalendarEvent } from '../../backbone/records/calendar-event.ts'
import { optionalReads } from '../kafka/optional-reads.ts'
import type { OutcomeStore, PartitionOwners } from '../read-model/outcome-store.ts'
import type { CountedPartitions } from './count-partitions.ts'
import { followHistory } from './follow-history.ts'
import { watchForecast } from './forecast-metrics.ts'
import { keyText } from './history-record.ts'
import { keepForecast } from './keep-forecast.ts'
import { measureDrain } from './measure-drain.ts'
import { firstBeyond } from './measured-capacity.ts'
import { writeHistory } from './write-history.ts'

interface HistoryOptions {
  kafka: KafkaClient
  config: TopicSettings & { GROUP_ID: string; SERVE_RESULTS: boolean; TIME_ZONE: string }
  memberId: string
  counted: CountedPartitions
  readModel: OutcomeStore & PartitionOwners
  /** What this member owns, and what it has not classified of it. */
  consumer: {
    claimed: () => readonly { partition: number }[]
    lags: () => ReadonlyMap<number, number>
  }
  /** Records that this member has decided on since its start. */
  decided: () => number
  /** Called when a forecast has been computed. */
  foresee: (excess: ForeseenExcess | undefined) => void
  refusals: Pick<KafkaRefusals, 'authenticated' | 'explain'>
  registry: Registry
  log: Logger
}

/** What the routes of the forecast need. */
export interface Forecasts {
  /** Whether everything is known that the topic had at the start. */
  isCaughtUp: () => boolean
  current: () => Promise<ForecastState>
  calendar: {
    has: (id: string) => boolean
    size: () => number
    /** Rejects if Kafka does not confirm it. */
    add: (event: StoredCalendarEvent) => Promise<void>
    remove: (id: string) => Promise<void>
  }
}

const SAMPLE_MS = 1_000

/** Follows the topic of the history, adds the sums of the own partitions to it, and forecasts if this member serves results. */
export function openHistory(options: HistoryOptions) {
  const { kafka, config, memberId, counted, readModel, consumer, decided, refusals, registry, log } = options
  const { DATA_TOPIC: dataTopic, HISTORY_TOPIC: topic, GROUP_ID: groupId } = config
  const { history } = counted
  const follower = followHistory({
    kafka,
    admin: keepAdmin(() => createTopicAdmin(kafka)),
    topic,
    groupPrefix: `${groupId}-history-${memberId}`,
    take: history.take,
    refusals: optionalReads({
      failing: 'The history is not read',
      restored: 'The history is read again',
      authenticated: refusals.authenticated,
      explain: (error) =>
        refusals.explain(error, { operation: 'Read', topic, group: `${groupId}-history-*` }),
      log,
    }),
    log,
  })
  const drain = measureDrain()
  const sampling = setInterval(() => {
    const backlog = consumer
      .lags()
      .values()
      .reduce((sum, records) => sum + records, 0)
    drain.sample({ at: performance.now(), decided: decided(), backlog })
  }, SAMPLE_MS)
  const writer = writeHistory({
    dataTopic,
    counted,
    readModel,
    owned: () => new Set(consumer.claimed().map(({ partition }) => partition)),
    lags: consumer.lags,
    takeDrainRate: drain.take,
    isCaughtUp: follower.isCaughtUp,
    sender: createHistorySender(kafka, topic),
    explain: (error) => refusals.explain(error, { operation: 'Write', topic }),
    log,
  })
  const forecast = config.SERVE_RESULTS
    ? keepForecast({
        history,
        isCaughtUp: follower.isCaughtUp,
        processors: () => countOwners(readModel),
        timeZone: config.TIME_ZONE,
        onForecast: (state) => options.foresee(firstBeyond(state, state.capacity)),
        log,
      })
    : undefined
  if (forecast) watchForecast(registry, forecast.last)

  const calendar: Forecasts['calendar'] = {
    has: (id) => history.events().some((event) => event.id === id),
    size: () => history.events().length,
    async add({ id, ...fields }) {
      await writer.send([{ key: keyText(dataTopic, { of: 'event', id }), value: JSON.stringify(fields) }])
      history.setEvent({ id, ...fields })
    },
    async remove(id) {
      await writer.send([{ key: keyText(dataTopic, { of: 'event', id }), value: null }])
      history.removeEvent(id)
    },
  }

  return {
    /** Undefined if this member only classifies. */
    forecasts: forecast && { isCaughtUp: follower.isCaughtUp, current: forecast.current, calendar },
    /** Writes what was counted until now. Call it before the partitions are released. */
    async writeLast(): Promise<void> {
      clearInterval(sampling)
      await writer.stop()
    },
    async stop(): Promise<void> {
      await Promise.all([forecast?.stop(), follower.stop()])
    },
    /** Of no more use after it was stopped. */
    groups: () => follower.groups(),
  }
}

/** Processors that own a partition, by the last claim of each. */
const countOwners = (readModel: OutcomeStore & PartitionOwners): number =>
  new Set(
    readModel
      .partitions()
      .flatMap(({ next }, partition) => readModel.ownerAt(partition, next)?.memberId ?? []),
  ).size
