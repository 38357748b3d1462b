import type { SentRecord } from '../../backbone/kafka/record-bytes.ts'
import { type TransactionalProducer, UnconfirmedError } from '../kafka/transactional-producer.ts'

interface Stored extends SentRecord {
  topic: string
  partition: number
  offset: number
}

/** Topics in memory, with fakes of our own interface TransactionalProducer that write to them. */
export function createTestTopics() {
  const committed: Stored[] = []
  const ends = new Map<string, number>()
  let transactions = 0
  const end = (topic: string, partition: number) => ends.get(`${topic}/${partition}`) ?? 0
  const setEnd = (topic: string, partition: number, offset: number) =>
    void ends.set(`${topic}/${partition}`, offset)

  return {
    /** Everything that was committed, in order. */
    committed,
    in: (topic: string) => committed.filter((record) => record.topic === topic),
    transactions: () => transactions,
    setEnd,

    /** `confirms`: whether sends to a topic are confirmed. `beforeCommit` runs when a transaction is about to be committed. */
    producer(
      confirms: (topic: string) => boolean = () => true,
      beforeCommit: () => void = () => undefined,
    ): TransactionalProducer & { connected: () => boolean } {
      let connected = false
      return {
        connected: () => connected,
        connect() {
          connected = true
          return Promise.resolve()
        },
        disconnect() {
          connected = false
          return Promise.resolve()
        },
        begin() {
          transactions += 1
          const sent: Stored[] = []
          return Promise.resolve({
            send(partitions) {
              const offsets = partitions.flatMap(({ topic, partition, records }) => {
                const first = end(topic, partition)
                const stored = records.map((record, index) => ({
                  ...record,
                  value: asRead(record.value),
                  topic,
                  partition,
                  offset: first + index,
                }))
                sent.push(...stored)
                setEnd(topic, partition, first + records.length)
                return stored.map(({ offset }) => offset)
              })
              const refused = partitions.find(({ topic }) => !confirms(topic))
              return refused
                ? Promise.reject(
                    new UnconfirmedError(`${refused.topic}/${refused.partition} was not confirmed`),
                  )
                : Promise.resolve(offsets)
            },
            commit() {
              beforeCommit()
              committed.push(...sent)
              // The transaction marker takes an offset in each partition.
              for (const key of new Set(sent.map(({ topic, partition }) => `${topic}/${partition}`))) {
                ends.set(key, (ends.get(key) ?? 0) + 1)
              }
              return Promise.resolve()
            },
          })
        },
      }
    },
  }
}

export type TestTopics = ReturnType<typeof createTestTopics>

/** Kafka returns values as buffers. */
const asRead = (value: SentRecord['value']) => (value instanceof Uint8Array ? Buffer.from(value) : value)
