import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import type { watchRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { Homes } from '../../backbone/layout/homes.ts'
import type { FixedRules } from '../classify/decide-outcome.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import { createPartitionScanner } from '../kafka/partition-scanner.ts'
import type { OutcomeStore, PartitionOwners } from '../read-model/outcome-store.ts'
import type { TimelineTopics } from './build-steps.ts'
import { createTimelineComposer } from './compose-timeline.ts'
import { createHistoryScan } from './scan-history.ts'

interface TimelinesOptions {
  kafka: KafkaClient
  admin: KeptAdmin
  refusals: Pick<ReturnType<typeof watchRefusals>, 'client'>
  config: { DATA_TOPIC: string; NOTIFICATIONS_TOPIC: string; GROUP_ID: string }
  memberId: string
  /** Of DataTopic. */
  partitions: () => number
  readModel: PartitionOwners & Pick<OutcomeStore, 'find' | 'partition'>
  rules: FixedRules
  /** The layout of DataTopic, now. */
  homes: () => Homes
  deadLetters: TimelineTopics['deadLetters']
  deliveries: Pick<DeliveryMemory, 'reportOf'>
  log: Logger
}

/** Timelines of checkouts, with a reader of DataTopic that is connected only while some are asked for. */
export function openTimelines(options: TimelinesOptions) {
  const { kafka, admin, refusals, config, memberId, partitions, readModel, deadLetters, log } = options
  const { rules, homes } = options
  const { reportOf } = options.deliveries
  const { DATA_TOPIC: topic, GROUP_ID: groupId } = config
  const scanner = createPartitionScanner({
    kafka,
    topic,
    partitions,
    groupPrefix: `${groupId}-view-${memberId}-timeline`,
    refusals: refusals.client({ operation: 'Read', topic, group: `${groupId}-view-*` }),
    log,
  })
  return {
    compose: createTimelineComposer({
      readModel,
      scanHistory: createHistoryScan({ admin, scanner, topic }),
      rules: () => ({ ...rules, homes: homes() }),
      reportOf,
      topics: { data: topic, notifications: config.NOTIFICATIONS_TOPIC, deadLetters },
    }),
    stop: scanner.stop,
    groups: scanner.groups,
  }
}
