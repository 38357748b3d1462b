import { expect, onTestFinished, test, vi } from 'vitest'
import { ProducerFencedError, UnconfirmedError } from '../kafka/transactional-producer.ts'
import { createTestTopics } from '../testing/topics.ts'
import { commitTransaction } from './commit-transaction.ts'

const batch = (topic: string, partition: number) => ({
  topic,
  partition,
  records: ['a', 'b'].map((value) => ({ key: null, value, headers: {} })),
})

test('resolves with the offset of each record once all is committed', async () => {
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

test.each<[string, (topic: string) => boolean]>([
  ['nothing was confirmed', () => false],
  ['the outcomes were not confirmed', (topic) => topic !== 'Notifications'],
  ['the dead letters were not', (topic) => topic !== 'dead'],
])('commits nothing when %s', async (_, confirms) => {
  const topics = createTestTopics()
  const committing = commitTransaction(topics.producer(confirms), [
    batch('Notifications', 4),
    batch('dead', 1),
  ])
  await expect(committing).rejects.toThrow(UnconfirmedError)
  expect(topics.committed).toEqual([])
})

test('rejects when the commit fails', async () => {
  const topics = createTestTopics()
  const producer = topics.producer(undefined, () => {
    throw new ProducerFencedError()
  })
  await expect(commitTransaction(producer, [batch('Notifications', 4)])).rejects.toThrow(ProducerFencedError)
  expect(topics.committed).toEqual([])
})

test('rejects when the transaction takes too long, whatever comes of it later', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const topics = createTestTopics()
  const producer = topics.producer()
  const frozen = Promise.withResolvers<never>()
  const committing = commitTransaction({ ...producer, begin: () => frozen.promise }, [
    batch('Notifications', 4),
  ])
  const given = expect(committing).rejects.toThrow('no answer within 6000 ms')
  await vi.advanceTimersByTimeAsync(6_000)
  await given
  frozen.reject(new Error('thawed'))
})
