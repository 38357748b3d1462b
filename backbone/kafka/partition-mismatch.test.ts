import { expect, test } from 'vitest'
import { partitionMismatch } from './partition-mismatch.ts'

const topics = { DATA_TOPIC: 'DataTopic', NOTIFICATIONS_TOPIC: 'Notifications' }
const between = (data: number, notifications: number | undefined, used = 6, expected = data) =>
  partitionMismatch({ topics, counts: { data, notifications }, used, expected, changingTo: undefined })

test('says nothing where both topics have the partitions that this process works with', () => {
  expect(between(6, 6)).toBeUndefined()
})

test('names the topics, both counts, the unclassified partitions and the remedy', () => {
  expect(between(9, 6)).toBe(
    'DataTopic has 9 partitions, Notifications has 6: records in partitions 6 to 8 of DataTopic are kept but not ' +
      'classified. Add partitions to Notifications until it has 9, then restart the processors one by one',
  )
  expect(between(7, 6)).toContain('records in partition 6 of DataTopic')
  expect(between(3, 6)).toBe(
    'DataTopic has 3 partitions, Notifications has 6: both must have the same number. ' +
      'Add partitions to DataTopic until it has 6, then restart the processors one by one',
  )
})

test('a process that started with another number is to be restarted, unless it keeps that number', () => {
  const restart =
    'DataTopic has 9 partitions, this process works with 6, as when it started: restart it to work with all of them'
  expect(between(9, 9)).toBe(restart)
  expect(between(9, undefined)).toBe(restart)
  expect(between(9, 9, 6, 6)).toBeUndefined()
})

test('a process that may not describe Notifications compares with DataTopic only', () => {
  expect(between(9, undefined, 6, 6)).toBeUndefined()
})

test('while a change adds partitions to one topic after the other, it says how to continue the change', () => {
  const changing = { topics, used: 6, expected: 6, changingTo: 12 }
  expect(partitionMismatch({ ...changing, counts: { data: 6, notifications: 12 } })).toBe(
    'DataTopic has 6 partitions, Notifications has 12: a change to 12 partitions is under way. ' +
      'If it was interrupted, continue it: npm run partitions -- --to 12',
  )
  expect(partitionMismatch({ ...changing, counts: { data: 6, notifications: 6 } })).toBeUndefined()
})
