import { expect, test } from 'vitest'
import { baseOffsetOf } from './base-offset.ts'
import { UnconfirmedError } from './transactional-producer.ts'

const topics = [
  { topicName: 'FollowUp', partitions: [{ partition: 4, baseOffset: '7' }] },
  { topicName: 'Notifications', partitions: [{ partition: 4, baseOffset: '9007199254740991' }] },
]

test('finds the offset of the first record of its partition', () => {
  expect(baseOffsetOf(topics, 'Notifications', 4)).toBe(9_007_199_254_740_991)
})

test.each([
  ['topic', 'DeadLetter', 4],
  ['partition', 'Notifications', 3],
])('a response without the %s confirms nothing', (_, topic, partition) => {
  expect(() => baseOffsetOf(topics, topic, partition)).toThrow(UnconfirmedError)
})
