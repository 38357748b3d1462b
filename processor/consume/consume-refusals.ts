import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'

interface ConsumeSettings {
  DATA_TOPIC: string
  NOTIFICATIONS_TOPIC: string
  GROUP_ID: string
}

/** What Kafka may refuse to the consumer of DataTopic, and to the writers of its outcomes. */
export const consumeRefusals = (
  refusals: Pick<KafkaRefusals, 'client'>,
  { DATA_TOPIC, NOTIFICATIONS_TOPIC, GROUP_ID }: ConsumeSettings,
) => ({
  consuming: refusals.client({ operation: 'Read', topic: DATA_TOPIC, group: GROUP_ID }),
  /** For the writes of one partition. */
  ofPartition: () =>
    refusals.client({ operation: 'Write', topic: NOTIFICATIONS_TOPIC, transactionalId: `${GROUP_ID}-*` }),
})
