import type { RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import { commitTransaction, UnconfirmedError } from './commit-transaction.ts'
import { createTestTopics } from './test-topics.ts'

const outcomes = (partition: number) => ({
  topic: 'Notifications',
  messages: ['a', 'b'].map((value) => ({ value, partition })),
})
const deadLetters = { topic: 'dead', messages: [0, 2].map((partition) => ({ value: 'x', partition })) }

test('resolves with the offset of the first message once all is committed', async () => {
  const topics = createTestTopics()
  topics.setEnd('Notifications', 4, 100)
  topics.setEnd('dead', 0, 7)
  expect(await commitTransaction(topics.producer(), 4, [outcomes(4), deadLetters])).toBe(100)
  expect(topics.committed.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual([
    ['Notifications', 4, 100],
    ['Notifications', 4, 101],
    ['dead', 0, 7],
    ['dead', 2, 0],
  ])
})

test('takes the offset of its own partition, in whatever order the brokers answer', async () => {
  const topics = createTestTopics()
  topics.setEnd('Notifications', 4, 100)
  const producer = topics.producer((metadata) => [
    { topicName: 'dead', partition: 4, errorCode: 0, baseOffset: '55' },
    { topicName: 'Notifications', partition: 0, errorCode: 0, baseOffset: '66' },
    ...metadata.toReversed(),
  ])
  expect(await commitTransaction(producer, 4, [outcomes(4), deadLetters])).toBe(100)
})

const without = (topic: string, partition: number) => (metadata: RecordMetadata[]) =>
  metadata.filter((entry) => entry.topicName !== topic || entry.partition !== partition)

test.each<[string, (metadata: RecordMetadata[]) => RecordMetadata[]]>([
  ['nothing was confirmed', () => []],
  ['the outcomes were not confirmed', without('Notifications', 4)],
  ['the first dead letter was not', without('dead', 0)],
  ['the second dead letter was not', without('dead', 2)],
  ['another partition was instead', (all) => all.map((entry) => ({ ...entry, partition: 1 }))],
  ['one was refused', (all) => all.map((entry) => ({ ...entry, errorCode: entry.partition === 2 ? 10 : 0 }))],
])('commits nothing when %s', async (_, answer) => {
  const topics = createTestTopics()
  const committing = commitTransaction(topics.producer(answer), 4, [outcomes(4), deadLetters])
  await expect(committing).rejects.toThrow(UnconfirmedError)
  expect(topics.committed).toEqual([])
})

test('does not pass over a commit that fails', async () => {
  const topics = createTestTopics()
  const producer = topics.producer(undefined, () => {
    throw new Error('PRODUCER_FENCED')
  })
  await expect(commitTransaction(producer, 4, [outcomes(4)])).rejects.toThrow('PRODUCER_FENCED')
  expect(topics.committed).toEqual([])
})
