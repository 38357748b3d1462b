import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { ByteWriter } from './byte-writer.ts'
import { decodeFetch } from './decode-fetch.ts'
import { encodeProduce, type ProduceRequest } from './encode-produce.ts'

const ofKafkajs = createRequire(import.meta.url)('kafkajs/src/protocol/requests/fetch/v11/response.js') as {
  decode: (response: Buffer) => Promise<unknown>
}

type Messages = ProduceRequest['topicData'][number]['partitions'][number]['messages']

interface Batch {
  messages: Messages
  firstOffset?: bigint
  timestamp?: number
  /** Bits of the record batch: 8 is the time of the log, 16 a transaction, 32 a marker, 1 gzip. */
  attributes?: number
}

const ATTRIBUTES_AT = 21

function encodeBatch({
  messages,
  firstOffset = 0n,
  timestamp = 1_764_464_000_123,
  attributes = 0,
}: Batch): Buffer {
  const topicData = [{ topic: '', partitions: [{ partition: 0, messages }] }]
  const request = encodeProduce({ acks: -1, timeout: 0, topicData }, timestamp)
  const batch = request.subarray(request.length - request.readInt32BE(22))
  batch.writeBigInt64BE(firstOffset)
  batch.writeInt16BE(attributes, ATTRIBUTES_AT)
  return batch
}

interface Partition {
  batches: Buffer[]
  aborted?: number
}

function encodeResponse(partitions: Partition[]): Buffer {
  const writer = new ByteWriter()
  writer.int32(7)
  writer.int16(0)
  writer.int32(8)
  writer.int32(1)
  writer.nullableString('tópico')
  writer.int32(partitions.length)
  for (const [partition, { batches, aborted = 0 }] of partitions.entries()) {
    writer.int32(partition)
    writer.int16(partition)
    for (const offset of [100n, -1n, 2n ** 62n]) writer.int64(offset)
    writer.int32(aborted)
    for (let n = 0; n < aborted; n++) {
      writer.int64(BigInt(n))
      writer.int64(1n)
    }
    writer.int32(-1)
    const records = Buffer.concat(batches)
    writer.int32(records.length)
    for (const byte of records) writer.int8(byte)
  }
  return writer.copy()
}

const one: Messages = [{ key: 'key', value: 'value', headers: { name: 'header' } }]

test.each<[string, Partition[]]>([
  ['no partitions', []],
  ['no records', [{ batches: [] }]],
  ['a partition after one without records', [{ batches: [] }, { batches: [encodeBatch({ messages: one })] }]],
  ['aborted transactions', [{ aborted: 2, batches: [encodeBatch({ messages: one, attributes: 16 })] }]],
  [
    'a marker',
    [{ batches: [encodeBatch({ messages: [{ key: Buffer.alloc(4), value: '' }], attributes: 48 })] }],
  ],
  ['the time of the log', [{ batches: [encodeBatch({ messages: one, attributes: 8 })] }]],
  ['no key, value or header', [{ batches: [encodeBatch({ messages: [{ key: null, value: null }] })] }]],
  [
    'several values of a header',
    [
      {
        batches: [
          encodeBatch({ messages: [{ value: '', headers: { a: ['1', null, '3'], b: [null, '2'] } }] }),
        ],
      },
    ],
  ],
  ['offsets beyond 32 bits', [{ batches: [encodeBatch({ messages: one, firstOffset: 2n ** 52n })] }]],
  ['a time before 1970', [{ batches: [encodeBatch({ messages: one, timestamp: -1 })] }]],
  [
    'an incomplete batch at its end',
    [{ batches: [encodeBatch({ messages: one }), encodeBatch({ messages: one }).subarray(0, -1)] }],
  ],
])('a response with %s is decoded as kafkajs does it', async (_, partitions) => {
  const response = encodeResponse(partitions)
  expect(decodeFetch(response)).toEqual(await ofKafkajs.decode(response))
})

test.each<[string, Batch]>([
  ['compressed', { messages: one, attributes: 1 }],
  ['beyond the exact numbers of JavaScript', { messages: one, firstOffset: 2n ** 53n }],
])('a batch that is %s is left to kafkajs', (_, batch) => {
  expect(decodeFetch(encodeResponse([{ batches: [encodeBatch(batch)] }]))).toBeUndefined()
})

test('a batch of an older format is left to kafkajs', () => {
  const batch = encodeBatch({ messages: one })
  batch.writeInt8(1, 16)
  expect(decodeFetch(encodeResponse([{ batches: [batch] }]))).toBeUndefined()
})

test('headers that are named like members of every object are headers', () => {
  const headers = JSON.parse('{"__proto__":"a","constructor":"b","toString":["c","d"]}')
  const response = encodeResponse([{ batches: [encodeBatch({ messages: [{ value: '', headers }] })] }])
  const decoded = decodeFetch(response)?.responses[0]?.partitions[0]?.messages[0]?.headers ?? {}
  expect(Object.entries(decoded).map(([name, values]) => [name, String(values)])).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['toString', 'c,d'],
  ])
})

test('any response is decoded as kafkajs does it', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  console.log(`seed ${seed}`)
  const random = createSeededRandom()
  random.seed(seed)
  const upTo = (most: number) => Math.floor(random.next() * (most + 1))
  const text = () => ['a', 'ñ', '€', '🛒'].at(upTo(3))?.repeat(upTo(random.next() < 0.1 ? 3_000 : 70)) ?? ''
  const list = <T>(most: number, each: (index: number) => T): T[] =>
    Array.from({ length: upTo(most) }, (_, index) => each(index))
  const batch = () =>
    encodeBatch({
      firstOffset: BigInt(upTo(2 ** 40)),
      timestamp: upTo(2 ** 42),
      attributes: upTo(7) * 8,
      messages: list(40, () => ({
        key: random.next() < 0.5 ? text() : null,
        value: random.next() < 0.9 ? text() : null,
        headers: Object.fromEntries(list(4, () => [text(), random.next() < 0.2 ? list(3, text) : text()])),
      })),
    })
  for (let n = 0; n < 50; n++) {
    const response = encodeResponse(list(3, () => ({ batches: list(4, batch), aborted: upTo(2) })))
    // Of large buffers `expect` takes seconds.
    assert.deepEqual(decodeFetch(response), await ofKafkajs.decode(response))
  }
})
