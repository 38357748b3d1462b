import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { publishBatches } from './publish-batches.ts'

await publishBatches(async (brokers) => {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, requestTimeout: 5_000 })
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  return {
    async send(topic, records) {
      const stored = await producer.send({ topic, acks: -1, messages: records })
      // kafkajs also resolves when a leader has moved and some records were not sent; a gateway checks this,
      // too.
      const confirmed = new Set(stored.flatMap((entry) => (entry.errorCode === 0 ? entry.partition : [])))
      if (!records.every(({ partition }) => confirmed.has(partition)))
        throw new Error('not all records were stored')
    },
    close: () => producer.disconnect(),
  }
})
