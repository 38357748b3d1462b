import { ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka'
import { eventHeader, publishBatches } from './publish-batches.ts'

await publishBatches(async (brokers) => {
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers: brokers,
    serializers: stringSerializers,
    idempotent: true,
    acks: ProduceAcks.ALL,
    autocreateTopics: false,
    timeout: 5_000,
  })
  await producer.metadata({ topics: [] })
  return {
    async send(topic, records) {
      const messages = records.map(({ key, value, partition, eventId }) => ({
        topic,
        key,
        value,
        partition,
        headers: eventHeader(eventId),
      }))
      await producer.send({ messages })
    },
    close: () => producer.close(true),
  }
})
