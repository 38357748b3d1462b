import type { RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import { baseOffsetOf } from './base-offset.ts'
import { UnconfirmedError } from './transactional-producer.ts'

const entry = (fields: Partial<RecordMetadata> = {}): RecordMetadata => ({
  topicName: 'Notifications',
  partition: 4,
  errorCode: 0,
  baseOffset: '100',
  ...fields,
})

test('is that of the partition, whatever else was stored', () => {
  const stored = [entry({ partition: 3, baseOffset: '7' }), entry(), entry({ topicName: 'dead' })]
  expect(baseOffsetOf(stored, 'Notifications', 4)).toBe(100)
})

test.each<[string, RecordMetadata[]]>([
  ['nothing was confirmed', []],
  ['another topic was instead', [entry({ topicName: 'dead' })]],
  ['another partition was instead', [entry({ partition: 2 })]],
  ['it was refused', [entry({ errorCode: 10 })]],
])('there is none when %s', (_, stored) => {
  expect(() => baseOffsetOf(stored, 'Notifications', 4)).toThrow(UnconfirmedError)
})
