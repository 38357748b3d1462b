import { expect, onTestFinished, test, vi } from 'vitest'
import { library } from '../../test/contracts/kafkajs.ts'
import { joinGroup, type TestMember } from '../../test/contracts/test-member.ts'
import { createContractTopics } from '../../test/contracts/test-topics.ts'

const topics = createContractTopics()
const SOON = { timeout: 30_000, interval: 50 }

const addPartitions = (topic: string, count: number) =>
  topics.admin.createPartitions({ topicPartitions: [{ topic, count }] })

/** The first one leads the group. */
async function joinBoth(topic: string): Promise<[TestMember, TestMember]> {
  const leader = joinGroup(library, { topic, partitions: 2 })
  await vi.waitFor(() => expect(leader.assigned()).toEqual([0, 1]), SOON)
  const other = joinGroup(library, { topic, partitions: 2 })
  await vi.waitFor(() => expect([leader.assigned().length, other.assigned().length]).toEqual([1, 1]), SOON)
  return [leader, other]
}

test('added partitions get owners, although the leader of the group learns of them last', async () => {
  const topic = await topics.create(2)
  const [leader, other] = await joinBoth(topic)
  other.grow(4)
  await addPartitions(topic, 4)
  await vi.waitFor(() => expect(other.assigned()).toHaveLength(2), SOON)
  expect(leader.assigned()).toHaveLength(1)

  leader.grow(4)
  expect(new Set([...leader.assigned(), ...other.assigned()])).toEqual(new Set([0, 1, 2, 3]))
})

test('all partitions of a member can be in work at once, also those that were added while it ran', async () => {
  const topic = await topics.create(2)
  const partitions = [0, 1, 2, 3, 4, 5]
  const inWork: number[] = []
  const end = Promise.withResolvers<void>()
  const member = joinGroup(library, {
    topic,
    partitions: 2,
    paused: partitions,
    async onBatch(_, batch) {
      inWork.push(batch.partition)
      await end.promise
      batch.resolve(batch.lastOffset)
    },
  })
  // Before the member is stopped: it waits for its batches.
  onTestFinished(() => end.resolve())
  await vi.waitFor(() => expect(member.assigned()).toEqual([0, 1]), SOON)
  member.grow(6)
  await addPartitions(topic, 6)
  await vi.waitFor(() => expect(member.assigned()).toEqual(partitions), SOON)
  for (const partition of partitions) await topics.send(topic, partition, 'a')
  for (const partition of partitions) member.current()?.resume(partition)
  await vi.waitFor(() => expect(new Set(inWork)).toEqual(new Set(partitions)), SOON)
})
