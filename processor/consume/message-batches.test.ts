import { expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { messageBatches } from './message-batches.ts'

const MAX_MESSAGE_BYTES = 1_048_588
const random = createTestRandom()
const message = (value: string, headers = {}) => ({ key: null, value, headers })
const valuesOf = (batches: ReturnType<typeof messageBatches>) =>
  batches.map(({ messages }) => messages.map(({ value }) => String(value).slice(0, 1)))

test('nothing is no batch', () => {
  expect(messageBatches('topic', 1, [])).toEqual([])
})

test('what fits goes together', () => {
  const messages = Array.from({ length: 2_000 }, () => message('x'.repeat(200)))
  expect(messageBatches('topic', 1, messages)).toEqual([{ topic: 'topic', partition: 1, messages }])
})

test('one that is too large for any company goes alone', () => {
  const messages = ['a', 'b'.repeat(1_000_000), 'c', 'd'].map((value) => message(value))
  expect(valuesOf(messageBatches('topic', 1, messages))).toEqual([['a'], ['b'], ['c', 'd']])
})

test('bytes are counted, not characters, and in headers, too', () => {
  const wide = message('ñ'.repeat(200_000))
  expect(messageBatches('topic', 1, [wide, wide])).toHaveLength(2)
  const marked = message('', { traza: Buffer.alloc(400_000), lista: ['a', 'b'] })
  expect(messageBatches('topic', 1, [marked, marked])).toHaveLength(2)
})

test('of anything, all are there, in order, in batches that Kafka takes', () => {
  for (let run = 0; run < 60; run++) {
    const most = random.oneOf(20, 2_000, 200_000)
    const messages = Array.from({ length: 1 + random.below(300) }, (_, n) => ({
      key: Buffer.alloc(random.below(most), 'k'),
      value: Buffer.alloc(random.below(most), 'v'),
      headers: { n: String(n), more: Buffer.alloc(random.below(most)) },
    }))
    const batches = messageBatches('topic', 1, messages)
    expect(batches.flatMap((batch) => batch.messages)).toEqual(messages)
    for (const { messages: batch } of batches) {
      const bytes = batch.reduce((sum, { key, value, headers }) => {
        return sum + Number(key?.length) + Number(value?.length) + Number(headers['more']?.length)
      }, 0)
      expect(batch.length).toBeGreaterThan(0)
      if (batch.length > 1) expect(bytes).toBeLessThan(MAX_MESSAGE_BYTES)
    }
  }
}, 20_000)
