import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'

interface Names {
  DATA_TOPIC: string
  NOTIFICATIONS_TOPIC: string
  GROUP_ID: string
}

/** What Kafka may refuse when records are consumed, and when the outcomes of a partition are written. */
export const consumerRefusals = (
  refusals: Pick<KafkaRefusals, 'client'>,
  { DATA_TOPIC, NOTIFICATIONS_TOPIC, GROUP_ID }: Names,
) => ({
  consuming: refusals.client({ operation: 'Read', topic: DATA_TOPIC, group: GROUP_ID }),
  ofPartition: () =>
    refusals.client({
      operation: 'Write',
      topic: NOTIFICATIONS_TOPIC,
      transactionalId: `${GROUP_ID}-*`,
    }),
})
