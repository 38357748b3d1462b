import { ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka'
import { publishBatches } from './publish-batches.ts'

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
      await producer.send({ messages: records.map((record) => ({ topic, ...record })) })
    },
    close: () => producer.close(true),
  }
})
