import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { groupAtOnce } from './group-at-once.ts'

interface Message {
  partition: number
  value: string
}
const groupByKafkajs = createRequire(import.meta.url)(
  'kafkajs/src/producer/groupMessagesPerPartition.js',
) as (send: object) => Record<string, Message[]>

test('gives kafkajs the groups that it would make, each in order', () => {
  const messages = () =>
    [4, 0, 4, 11, 0, 4].map((partition, index): Message => ({ partition, value: `${index}` }))
  let asked = 0
  const partitioner = ({ message }: { message: Message }) => {
    asked++
    return message.partition
  }
  const options = { topic: 'topic', partitionMetadata: [{ partitionId: 0, leader: 1 }], partitioner }
  const groups = groupByKafkajs({ ...options, messages: messages() })
  expect(asked).toBe(6)
  expect({ ...groupByKafkajs({ ...options, messages: groupAtOnce(messages()) }) }).toEqual(groups)
  expect(asked).toBe(6)
})
