import type { Message, RecordMetadata } from 'kafkajs'
import type { OutcomeProducer } from '../consume/commit-transaction.ts'

interface Stored extends Message {
  topic: string
  offset: number
}

const notUsed = () => Promise.reject(new Error('must not be called'))

/** Fake topics that only have what a producer sees, for fakes of our interface OutcomeProducer. */
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
    in: (topic: string) => committed.filter((message) => message.topic === topic),
    transactions: () => transactions,
    setEnd,

    /** `answer` changes the brokers' response to a batch; `beforeCommit` runs before a batch is committed. */
    producer(
      answer: (metadata: RecordMetadata[]) => RecordMetadata[] = (metadata) => metadata,
      beforeCommit: () => void = () => undefined,
    ): OutcomeProducer & { connected: () => boolean } {
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
        transaction() {
          transactions += 1
          const sent: Stored[] = []
          return Promise.resolve({
            sendBatch: notUsed,
            sendOffsets: notUsed,
            abort: notUsed,
            isActive: () => true,
            send({ topic, messages }) {
              const metadata = new Map<number, RecordMetadata>()
              for (const message of messages) {
                const partition = message.partition ?? -1
                const offset = end(topic, partition)
                sent.push({ ...message, topic, offset })
                setEnd(topic, partition, offset + 1)
                const first = { topicName: topic, partition, errorCode: 0, baseOffset: String(offset) }
                metadata.set(partition, metadata.get(partition) ?? first)
              }
              return Promise.resolve(answer([...metadata.values()]))
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
