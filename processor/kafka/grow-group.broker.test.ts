import { expect, test, vi } from 'vitest'
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
