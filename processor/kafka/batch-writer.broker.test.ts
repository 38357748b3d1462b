import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { TopicError } from '../../backbone/kafka/topic-error.ts'
import { createContractTopics } from '../../test/contracts/test-topics.ts'
import { readTopic } from '../../test/read-topic.ts'
import { openObservedWriter } from './testing/observed-writer.ts'

const LONGEST_BATCH = 1_000
const SOON = { timeout: 20_000, interval: 50 }
const topics = createContractTopics()
const record = (value: string) => ({ key: null, value, headers: {} })

async function open() {
  const writer = await openObservedWriter(topics.kafka)
  onTestFinished(writer.close)
  return writer
}

test('what was stored, but not confirmed, is stored once', async () => {
  const [first, second] = [await topics.create(1), await topics.create(1)]
  const writer = await open()
  writer.loseNextResponse()
  const batches = [
    writer.number(first, 0, [record('a'), record('b')]),
    writer.number(second, 0, [record('c')]),
  ]
  expect(await writer.write(batches)).toEqual([0, 0])
  expect(await writer.write([writer.number(first, 0, [record('d')])])).toEqual([2])
  await writer.commit()
  const valuesOf = async (topic: string) =>
    (await readTopic(inject('kafkaBrokers'), topic)).map(({ value }) => value)
  // Kafka confirms the commit before it is in every partition.
  await vi.waitFor(async () => expect(await valuesOf(first)).toEqual(['a', 'b', 'd']), SOON)
  await vi.waitFor(async () => expect(await valuesOf(second)).toEqual(['c']), SOON)
  const partitions = writer.requests.map((request) => request.replace(/^\d+: /, ''))
  expect(partitions).toEqual([`${first}/0, ${second}/0`, `${first}/0`, `${second}/0`, `${first}/0`])
})

test('an error says which topic of a request it is', async () => {
  const small = await topics.create(1, [{ name: 'max.message.bytes', value: String(LONGEST_BATCH) }])
  const other = await topics.create(1)
  const writer = await open()
  const writing = writer.write([
    writer.number(other, 0, [record('a')]),
    writer.number(small, 0, [record('x'.repeat(LONGEST_BATCH))]),
  ])
  await expect(writing).rejects.toThrow(TopicError)
  await expect(writing).rejects.toMatchObject({ topic: small })
})

test('sequence numbers continue with 0 after the largest', async () => {
  const writer = await open()
  const many = { length: 2 ** 31 - 1 } as unknown as ReturnType<typeof record>[]
  expect(writer.number('Notifications', 4, many).firstSequence).toBe(0)
  expect(writer.number('Notifications', 4, [record('a'), record('b')]).firstSequence).toBe(2 ** 31 - 1)
  expect(writer.number('Notifications', 4, [record('c')]).firstSequence).toBe(1)
})
