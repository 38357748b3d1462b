import { randomUUID } from 'node:crypto'
import { Consumer, MessagesStreamModes, stringDeserializers } from '@platformatic/kafka'
import { Kafka, logLevel } from 'kafkajs'

export interface ReadRecord {
  partition: number
  offset: number
  key: string
  value: string
  headers: Record<string, string>
}

/** Reads the first `count` records of a topic. */
export type ReadRecords = (brokers: string[], topic: string, count: number) => Promise<ReadRecord[]>

export const readWithKafkajs: ReadRecords = async (brokers, topic, count) => {
  const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: randomUUID() })
  const records: ReadRecord[] = []
  const all = Promise.withResolvers<void>()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    async eachMessage({ partition, message: { offset, key, value, headers = {} } }) {
      records.push({
        partition,
        offset: Number(offset),
        key: String(key),
        value: String(value),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, content]) => [name, String(content)]),
        ),
      })
      if (records.length === count) all.resolve()
    },
  })
  await all.promise
  await consumer.disconnect()
  return records
}

export const readWithPlatformatic: ReadRecords = async (brokers, topic, count) => {
  const consumer = new Consumer({
    clientId: 'reader',
    groupId: randomUUID(),
    bootstrapBrokers: brokers,
    deserializers: stringDeserializers,
    autocreateTopics: false,
  })
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.EARLIEST,
    autocommit: false,
  })
  const records: ReadRecord[] = []
  for await (const { partition, offset, key, value, headers } of stream) {
    records.push({ partition, offset: Number(offset), key, value, headers: Object.fromEntries(headers) })
    if (records.length === count) break
  }
  await consumer.close(true)
  return records
}
