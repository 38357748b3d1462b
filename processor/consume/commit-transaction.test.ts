import type { RecordMetadata } from 'kafkajs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createTestTopics } from '../testing/topics.ts'
import { commitTransaction, UnconfirmedError } from './commit-transaction.ts'

const batch = (topic: string, partition: number) => ({
  topic,
  partition,
  messages: ['a', 'b'].map((value) => ({ key: null, value, headers: {} })),
})

test('resolves with the offset of each message once all is committed', async () => {
  const topics = createTestTopics()
  topics.setEnd('Notifications', 4, 100)
  topics.setEnd('dead', 1, 7)
  const committed = await commitTransaction(topics.producer(), [batch('Notifications', 4), batch('dead', 1)])
  expect(committed).toEqual([100, 101, 7, 8])
  expect(topics.committed.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual([
    ['Notifications', 4, 100],
    ['Notifications', 4, 101],
    ['dead', 1, 7],
    ['dead', 1, 8],
  ])
})

test('asks the broker of one partition only when that of the one before has answered', async () => {
  const topics = createTestTopics()
  const producer = topics.producer()
  const transaction = await producer.transaction()
  const answered = Promise.withResolvers<void>()
  const asked: string[] = []
  const slow: typeof transaction = {
    ...transaction,
    async send(record) {
      asked.push(record.topic)
      if (record.topic === 'Notifications') await answered.promise
      return transaction.send(record)
    },
  }
  const committing = commitTransaction({ ...producer, transaction: () => Promise.resolve(slow) }, [
    batch('Notifications', 4),
    batch('dead', 1),
  ])
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await new Promise(setImmediate)
  expect(asked).toEqual(['Notifications'])
  answered.resolve()
  await committing
  expect(asked).toEqual(['Notifications', 'dead'])
})

const without = (topic: string) => (metadata: RecordMetadata[]) =>
  metadata.filter(({ topicName }) => topicName !== topic)

test.each<[string, (metadata: RecordMetadata[]) => RecordMetadata[]]>([
  ['nothing was confirmed', () => []],
  ['the outcomes were not confirmed', without('Notifications')],
  ['the dead letters were not', without('dead')],
  ['another partition was instead', (all) => all.map((entry) => ({ ...entry, partition: 2 }))],
  [
    'one was refused',
    (all) => all.map((entry) => ({ ...entry, errorCode: entry.topicName === 'dead' ? 10 : 0 })),
  ],
])('commits nothing when %s', async (_, answer) => {
  const topics = createTestTopics()
  const committing = commitTransaction(topics.producer(answer), [batch('Notifications', 4), batch('dead', 1)])
  await expect(committing).rejects.toThrow(UnconfirmedError)
  expect(topics.committed).toEqual([])
})

test('does not pass over a commit that fails', async () => {
  const topics = createTestTopics()
  const producer = topics.producer(undefined, () => {
    throw new Error('PRODUCER_FENCED')
  })
  await expect(commitTransaction(producer, [batch('Notifications', 4)])).rejects.toThrow('PRODUCER_FENCED')
  expect(topics.committed).toEqual([])
})

test('gives up one that takes too long, and counts nothing that becomes of it later', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const topics = createTestTopics()
  const producer = topics.producer()
  const frozen = Promise.withResolvers<never>()
  const committing = commitTransaction({ ...producer, transaction: () => frozen.promise }, [
    batch('Notifications', 4),
  ])
  const given = expect(committing).rejects.toThrow('no answer within 6000 ms')
  await vi.advanceTimersByTimeAsync(6_000)
  await given
  frozen.reject(new Error('thawed'))
})
