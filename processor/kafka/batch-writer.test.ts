import { expect, test } from 'vitest'
import { TopicError } from '../../backbone/kafka/topic-error.ts'
import { createBatchWriter } from './batch-writer.ts'
import { createRequestRetries } from './request-retries.ts'
import { createTestCluster, failure, retriable } from './testing/cluster.ts'

const record = { key: null, value: 'a', headers: {} }
const leaders = { 'Notifications/4': 1, 'FollowUp/4': 2, 'DeadLetter/1': 1 }

function open(firstLeaders: Record<string, number> = leaders) {
  const cluster = createTestCluster(firstLeaders)
  const writer = createBatchWriter({
    cluster,
    transactionalId: 'of-4',
    identity: { producerId: '7', producerEpoch: 1 },
    retries: createRequestRetries(cluster),
  })
  const batches = () => [
    writer.number('Notifications', 4, [record, record]),
    writer.number('FollowUp', 4, [record]),
    writer.number('DeadLetter', 1, [record]),
  ]
  return { cluster, writer, batches }
}

test('sends one request to each leader, and gives the offset of each batch', async () => {
  const { cluster, writer, batches } = open()
  expect(await writer.write(batches())).toEqual([0, 0, 0])
  expect(await writer.write(batches())).toEqual([2, 1, 1])
  const together = ['1: Notifications/4, DeadLetter/1', '2: FollowUp/4']
  expect(cluster.requests).toEqual([...together, ...together])
})

test('repeats only what a leader has not confirmed', async () => {
  const { cluster, writer, batches } = open()
  cluster.failNext(2, retriable('NOT_LEADER_FOR_PARTITION'))
  cluster.hold(1)
  const writing = writer.write(batches())
  await cluster.received(2)
  cluster.release(1)
  expect(await writing).toEqual([0, 0, 0])
  expect(cluster.requests.slice(2)).toEqual(['2: FollowUp/4'])
  expect(cluster.stored()).toEqual({ 'Notifications/4': 2, 'FollowUp/4': 1, 'DeadLetter/1': 1 })
})

test('what was stored, but not confirmed, is stored once', async () => {
  const { cluster, writer, batches } = open()
  cluster.loseNextResponse(1)
  expect(await writer.write(batches())).toEqual([0, 0, 0])
  expect(cluster.stored()).toEqual({ 'Notifications/4': 2, 'FollowUp/4': 1, 'DeadLetter/1': 1 })
})

test('sends to the leader of a partition that has moved', async () => {
  const { cluster, writer, batches } = open()
  cluster.moveLeader('FollowUp/4', 3)
  expect(await writer.write(batches())).toEqual([0, 0, 0])
  expect(cluster.requests.at(-1)).toBe('3: FollowUp/4')
})

test('an error says which topic of a request it is', async () => {
  const { cluster, writer, batches } = open()
  cluster.refuse('DeadLetter/1', failure('TOPIC_AUTHORIZATION_FAILED'))
  const writing = writer.write(batches())
  await expect(writing).rejects.toThrow(TopicError)
  await expect(writing).rejects.toMatchObject({ topic: 'DeadLetter' })
})

test('sequence numbers continue with 0 after the largest', () => {
  const { writer } = open()
  const many = { length: 2 ** 31 - 1 } as unknown as (typeof record)[]
  expect(writer.number('Notifications', 4, many).firstSequence).toBe(0)
  expect(writer.number('Notifications', 4, [record, record]).firstSequence).toBe(2 ** 31 - 1)
  expect(writer.number('Notifications', 4, [record]).firstSequence).toBe(1)
})
