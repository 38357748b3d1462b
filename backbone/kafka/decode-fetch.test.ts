import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { lz4Compress, snappyCompress } from '@platformatic/wasm-utils'
import { describe, expect, test } from 'vitest'
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
  /** Bits of the record batch: 8 is the time of the log, 16 a transaction, 32 a marker. */
  attributes?: number
  producerId?: bigint
}

const LENGTH_AT = 8
const AFTER_LENGTH = 12
const ATTRIBUTES_AT = 21
const PRODUCER_ID_AT = 43
const RECORDS_AT = 61

function encodeBatch({
  messages,
  firstOffset = 0n,
  timestamp = 1_764_464_000_123,
  attributes = 0,
  producerId = -1n,
}: Batch): Buffer {
  const topicData = [{ topic: '', partitions: [{ partition: 0, messages }] }]
  const request = encodeProduce({ acks: -1, timeout: 0, topicData }, timestamp)
  const batch = request.subarray(request.length - request.readInt32BE(22))
  batch.writeBigInt64BE(firstOffset)
  batch.writeInt16BE(attributes, ATTRIBUTES_AT)
  batch.writeBigInt64BE(producerId, PRODUCER_ID_AT)
  return batch
}

interface Partition {
  batches: Buffer[]
  /** Producer and first offset of each transaction. */
  aborted?: [bigint, bigint][]
}

function encodeResponse(partitions: Partition[]): Buffer {
  const writer = new ByteWriter()
  writer.int32(7)
  writer.int16(0)
  writer.int32(8)
  writer.int32(1)
  writer.nullableString('tópico')
  writer.int32(partitions.length)
  for (const [partition, { batches, aborted = [] }] of partitions.entries()) {
    writer.int32(partition)
    writer.int16(partition)
    for (const offset of [100n, -1n, 2n ** 62n]) writer.int64(offset)
    writer.int32(aborted.length)
    for (const number of aborted.flat()) writer.int64(number)
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
  ['a transaction', [{ batches: [encodeBatch({ messages: one, attributes: 16, producerId: 7n })] }]],
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
    const response = encodeResponse(list(3, () => ({ batches: list(4, batch) })))
    // Of large buffers `expect` takes seconds.
    assert.deepEqual(decodeFetch(response), await ofKafkajs.decode(response))
  }
})

const readMessages = (...partitions: Partition[]) =>
  decodeFetch(encodeResponse(partitions))?.responses[0]?.partitions[0]?.messages ?? []

function compressBatch(plain: Buffer, codec: number, compress: (records: Buffer) => Buffer): Buffer {
  const batch = Buffer.concat([plain.subarray(0, RECORDS_AT), compress(plain.subarray(RECORDS_AT))])
  batch.writeInt32BE(batch.length - AFTER_LENGTH, LENGTH_AT)
  batch.writeInt16BE(codec, ATTRIBUTES_AT)
  return batch
}

/** As snappy-java writes it: after 16 bytes, blocks with their length before them. */
function xerialSnappy(records: Buffer): Buffer {
  const block = (bytes: Buffer) => {
    const compressed = snappyCompress(bytes)
    const length = Buffer.alloc(4)
    length.writeInt32BE(compressed.length)
    return [length, compressed]
  }
  const header = Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1')
  return Buffer.concat([header, ...block(records.subarray(0, 20)), ...block(records.subarray(20))])
}

describe('a compressed batch', () => {
  const messages = [...one, { key: null, value: 'ñ'.repeat(500) }]

  test.each<[string, number, (records: Buffer) => Buffer]>([
    ['gzip', 1, gzipSync],
    ['Snappy', 2, snappyCompress],
    ['Snappy in the blocks of snappy-java', 2, xerialSnappy],
    ['LZ4', 3, lz4Compress],
    ['Zstandard', 4, zstdCompressSync],
  ])('of %s has the records of the plain one', (_, codec, compress) => {
    const plain = encodeBatch({ messages })
    const batch = compressBatch(plain, codec, compress)
    expect(readMessages({ batches: [batch, plain] })).toEqual(readMessages({ batches: [plain, plain] }))
  })

  test('that is damaged, or of an unknown codec, is an error', () => {
    const plain = encodeBatch({ messages })
    for (let codec = 1; codec <= 7; codec++) {
      const batch = compressBatch(plain, codec, (records) => records)
      expect(() => readMessages({ batches: [batch] }), `codec ${codec}`).toThrow()
    }
  })

  test.each<[string, number, (records: Buffer) => Buffer]>([
    ['gzip', 1, (records) => gzipSync(records, { level: 1 })],
    ['Zstandard', 4, zstdCompressSync],
  ])('of %s is not expanded without limit', (_, codec, compress) => {
    const batch = compressBatch(encodeBatch({ messages }), codec, () =>
      compress(Buffer.alloc(64 * 1024 * 1024 + 1)),
    )
    expect(() => readMessages({ batches: [batch] })).toThrow('larger than')
  })
})

describe('records of aborted transactions', () => {
  const TRANSACTION = 0b1_0000
  const MARKER = 0b11_0000
  const abort = Buffer.alloc(4)

  /** Batches of one record at the offsets 0, 1, 2 …: the producer, and what it wrote. */
  const log = (...written: [producer: bigint, what: 'marker' | 'plain' | 'transaction', key?: Buffer][]) =>
    written.map(([producerId, what, key = Buffer.from('key')], offset) =>
      encodeBatch({
        messages: [what === 'marker' ? { key: abort, value: '' } : { key, value: '' }],
        attributes: { marker: MARKER, transaction: TRANSACTION, plain: 0 }[what],
        firstOffset: BigInt(offset),
        producerId,
      }),
    )

  const handedOver = (...partition: [Partition['aborted'], ...Buffer[]]) => {
    const [aborted = [], ...batches] = partition
    const messages = readMessages({ aborted, batches })
    expect(messages).toHaveLength(batches.length)
    return messages.filter(({ isControlRecord }) => !isControlRecord).map(({ offset }) => Number(offset))
  }

  test('are marked, those of others are not', () => {
    const batches = log(
      [1n, 'transaction'],
      [2n, 'transaction'],
      [1n, 'plain'],
      [1n, 'marker'],
      [1n, 'transaction'],
    )
    expect(handedOver([[1n, 0n]], ...batches)).toEqual([1, 4])
  })

  test('are marked when a transaction ended before one that began earlier', () => {
    const batches = log(
      [1n, 'transaction'],
      [2n, 'transaction'],
      [2n, 'marker'],
      [1n, 'transaction'],
      [1n, 'marker'],
    )
    expect(
      handedOver(
        [
          [2n, 1n],
          [1n, 0n],
        ],
        ...batches,
      ),
    ).toEqual([])
  })

  test('are marked when several transactions began before what was fetched', () => {
    const [, , ...batches] = log(
      [1n, 'transaction'],
      [2n, 'transaction'],
      [2n, 'transaction'],
      [2n, 'marker'],
      [1n, 'marker'],
      [2n, 'transaction'],
    )
    expect(
      handedOver(
        [
          [2n, 1n],
          [1n, 0n],
        ],
        ...batches,
      ),
    ).toEqual([5])
  })

  test('are marked after a record whose key has the bytes of a marker', () => {
    const batches = log(
      [1n, 'transaction', abort],
      [1n, 'transaction'],
      [1n, 'marker'],
      [1n, 'transaction', abort],
    )
    expect(handedOver([[1n, 0n]], ...batches)).toEqual([3])
  })
})
