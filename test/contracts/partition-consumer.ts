import { expect, vi } from 'vitest'
import type { ClientLibrary, ExpectedFailures } from './client-library.ts'
import { expectedTest } from './expected-test.ts'
import { joinGroup } from './test-member.ts'
import { createContractTopics } from './test-topics.ts'

const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 50 })

/** What a processor expects of its consumers, for any client library. */
export function testPartitionConsumer(library: ClientLibrary, expectedFailures: ExpectedFailures = {}): void {
  const test = expectedTest(expectedFailures)
  const topics = createContractTopics()

  test('reads committed records only, in order, from the offset that it seeks', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, 0, 'a', 'b', 'c')
    await topics.transact('abort', topic, 0, 'x')
    await topics.transact('abort', topic, 0, 'y')
    await topics.transact('commit', topic, 0, 'd', 'e')
    const member = joinGroup(library, { topic, partitions: 1, from: 1 })
    await until(() => expect(member.received).toContain('0/8 e'))
    expect(member.received).toEqual(['0/1 b', '0/2 c', '0/7 d', '0/8 e'])
    expect(member.ranges.at(0)?.firstOffset).toBe(1)
  })

  test('a batch begins where the fetch began, also at a marker or an aborted record', async () => {
    const topic = await topics.create(1)
    await topics.transact('abort', topic, 0, 'x')
    await topics.transact('commit', topic, 0, 'a')
    const seen: number[][] = []
    const member = joinGroup(library, {
      topic,
      partitions: 1,
      async onBatch(_, { firstOffset, lastOffset, highWatermark }) {
        seen.push([firstOffset, lastOffset, highWatermark])
      },
    })
    await until(() => expect(member.received).toContain('0/2 a'))
    expect(seen[0]).toEqual([0, 3, 4])
  })

  test('moves past a batch of nothing but aborted records and markers, and reports it once', async () => {
    const topic = await topics.create(1)
    await topics.transact('abort', topic, 0, 'x', 'y')
    const member = joinGroup(library, { topic, partitions: 1 })
    await until(() => expect(member.emptyRanges).not.toEqual([]))
    await topics.send(topic, 0, 'a')
    await until(() => expect(member.received).toEqual(['0/3 a']))
    expect(member.emptyRanges).toEqual([{ partition: 0, firstOffset: 0, lastOffset: 2 }])
  })

  test('delivers a batch again that was not resolved', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, 0, 'a', 'b')
    let batches = 0
    const member = joinGroup(library, {
      topic,
      partitions: 1,
      async onBatch(_, batch) {
        if (++batches === 2) batch.resolve(0)
        else if (batches > 2) batch.resolve(batch.lastOffset)
        await batch.heartbeat()
      },
    })
    await until(() => expect(batches).toBe(3))
    expect(member.received).toEqual(['0/0 a', '0/1 b', '0/0 a', '0/1 b', '0/1 b'])
  })

  test('after a seek the current batch is stale, and the next one begins at the new offset', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, 0, 'a', 'b', 'c')
    const stale: boolean[] = []
    const member = joinGroup(library, {
      topic,
      partitions: 1,
      async onBatch(consumer, batch) {
        const before = batch.isStale()
        if (stale.length === 0) consumer.seek(0, 1)
        stale.push(before, batch.isStale())
        batch.resolve(batch.lastOffset)
        await batch.heartbeat()
      },
    })
    await until(() => expect(member.ranges.at(-1)?.firstOffset).toBe(1))
    expect(stale).toEqual([false, true, false, false])
  })

  test('reads nothing of a paused partition, and continues when it is resumed', async () => {
    const topic = await topics.create(2)
    const member = joinGroup(library, { topic, partitions: 2, paused: [0] })
    await until(() => expect(member.assigned()).toEqual([0, 1]))
    await topics.send(topic, 0, 'a')
    await topics.send(topic, 1, 'b')
    await until(() => expect(member.received).toEqual(['1/0 b']))
    member.current()?.resume(0)
    await until(() => expect(member.received).toEqual(['1/0 b', '0/0 a']))
  })

  test('begins at the start of the log when its offset is out of range', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, 0, 'a', 'b')
    const member = joinGroup(library, { topic, partitions: 1, from: 1_000 })
    await until(() => expect(member.received).toEqual(['0/0 a', '0/1 b']))
  })

  test("writes the group's offsets", async () => {
    const topic = await topics.create(2)
    const member = joinGroup(library, { topic, partitions: 2 })
    await until(() => expect(member.assigned()).toEqual([0, 1]))
    await member.current()?.commitOffsets(
      new Map([
        [0, 7],
        [1, 9],
      ]),
    )
    const [offsets] = await topics.admin.fetchOffsets({ groupId: topic, topics: [topic] })
    expect(offsets?.partitions.map(({ partition, offset }) => [partition, offset]).toSorted()).toEqual([
      [0, '7'],
      [1, '9'],
    ])
  })
}
