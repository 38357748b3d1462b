import { createRequire } from 'node:module'
import { expect, test, vi } from 'vitest'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { encodeProduce, type ProduceRequest } from './encode-produce.ts'

const AT = 1_764_464_000_123

type Encode = (request: ProduceRequest) => { encode: () => Promise<{ buffer: Buffer }> }
const ofKafkajs = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/produce/v3/request.js',
) as Encode

/** What kafkajs itself sends at this time. */
async function sentByKafkajs(request: ProduceRequest): Promise<Buffer> {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(AT)
  try {
    return (await ofKafkajs(request).encode()).buffer
  } finally {
    clock.mockRestore()
  }
}

type Messages = ProduceRequest['topicData'][number]['partitions'][number]['messages']

const oneBatch = (messages: Messages): ProduceRequest => ({
  acks: -1,
  timeout: 5_000,
  topicData: [{ topic: 'topic', partitions: [{ partition: 3, messages }] }],
})

const ofBytes = (bytes: number) => ({ key: null, value: 'x'.repeat(bytes), headers: {} })

test.each<[string, Messages]>([
  ['no records', []],
  // Of a length of 63, 64, 8,191 and 8,192 bytes, where its varint grows; and of more than the buffer holds at first.
  ...[56, 57, 58, 8_181, 8_182, 8_183, 8_184, 200_000].map((bytes): [string, Messages] => [
    `a value of ${bytes} bytes`,
    [ofBytes(bytes), ofBytes(1)],
  ]),
  ['no key, value or header', [{ key: null, value: null, headers: {} }]],
  ['a key and headers that are absent', [{ value: '' }]],
  ['texts of 63 and 64 characters', [{ key: 'k'.repeat(63), value: 'v'.repeat(64) }]],
  ['texts that are not ASCII', [{ key: '€'.repeat(63), value: 'Ñuñoa'.repeat(100), headers: { ñ: '🛒' } }]],
  [
    'several values of a header',
    [{ value: '', headers: { name: ['one', Buffer.from('two'), ''], none: [] as string[] } }],
  ],
])('a batch with %s is encoded as kafkajs does it', async (_, messages) => {
  const request = oneBatch(messages)
  expect(encodeProduce(request, AT).equals(await sentByKafkajs(request))).toBe(true)
})

test('any request is encoded as kafkajs does it', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  console.log(`seed ${seed}`)
  const random = createSeededRandom()
  random.seed(seed)
  const upTo = (most: number) => Math.floor(random.next() * (most + 1))
  const maybe = <T>(value: T): T | undefined => (random.next() < 0.5 ? value : undefined)
  const text = () =>
    ['a', 'ñ', '€', '🛒', ' ', 'z'].at(upTo(5))?.repeat(upTo(random.next() < 0.1 ? 3_000 : 70)) ?? ''
  const content = () => (random.next() < 0.3 ? Buffer.from(text()) : text())
  const list = <T>(most: number, each: (index: number) => T): T[] =>
    Array.from({ length: upTo(most) }, (_, index) => each(index))
  for (let n = 0; n < 100; n++) {
    const transactionalId = maybe(text())
    const request: ProduceRequest = {
      acks: upTo(2) - 1,
      timeout: upTo(2 ** 31 - 1),
      ...(transactionalId === undefined ? {} : { transactionalId }),
      producerId: ['-1', '7', String(2n ** 62n)][upTo(2)] ?? '',
      producerEpoch: upTo(2 ** 15 - 1),
      topicData: list(2, () => ({
        topic: text(),
        partitions: list(3, (partition) => ({
          partition,
          firstSequence: upTo(2 ** 31 - 1),
          messages: list(150, () => ({
            key: maybe(content()) ?? null,
            value: maybe(content()) ?? null,
            headers: Object.fromEntries(
              list(4, () => [text(), random.next() < 0.2 ? list(3, content) : content()]),
            ),
          })),
        })),
      })),
    }
    expect(encodeProduce(request, AT).equals(await sentByKafkajs(request))).toBe(true)
  }
})

test('a request that cannot be encoded changes nothing in the next one', async () => {
  const request = oneBatch([{ value: 'value' }])
  const before = encodeProduce(request, AT)
  expect(() => encodeProduce(oneBatch([{ value: 'a' }, { value: 7 as never }]), AT)).toThrow()
  expect(encodeProduce(request, AT)).toEqual(before)
  expect(before.equals(await sentByKafkajs(request))).toBe(true)
})
