import { expect, test } from 'vitest'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { collectResponses, NotKafkaError, TlsAnswerError } from './response-framing.ts'

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed ${seed}`)

function response(size: number, fill: number): Buffer {
  const bytes = Buffer.alloc(4 + size, fill)
  bytes.writeInt32BE(size)
  return bytes
}

test('whatever the pieces are, whole responses come out, in order, and nothing else', () => {
  const randomizer = createSeededRandom()
  randomizer.seed(seed)
  const upTo = (most: number) => Math.floor(randomizer.next() * most)
  const sent = Array.from({ length: 500 }, (_, i) => response(upTo(4) === 0 ? 0 : upTo(2_000), i % 251))
  const bytes = Buffer.concat(sent)
  const collect = collectResponses()
  const ends = new Set(
    sent.reduce<number[]>((sums, { length }) => sums.concat((sums.at(-1) ?? 0) + length), []),
  )
  const received: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const end = at + 1 + upTo(upTo(3) === 0 ? 3 : 5_000)
    received.push(...collect(bytes.subarray(at, end)))
    const so = received.reduce((sum, { length }) => sum + length, 0)
    if (so > 0) expect(ends).toContain(so)
    at = end
  }
  expect(received).toHaveLength(sent.length)
  expect(Buffer.concat(received).equals(bytes)).toBe(true)
})

test('an incomplete response is kept until it is complete', () => {
  const collect = collectResponses()
  const first = response(10, 1)
  expect(collect(first.subarray(0, 3))).toEqual([])
  expect(collect(first.subarray(3, 13))).toEqual([])
  expect(collect(Buffer.concat([first.subarray(13), response(5, 2).subarray(0, 6)]))).toEqual([first])
})

test('a negative size is an error of its own', () => {
  expect(() => collectResponses()(Buffer.from([0xff, 0xff, 0xff, 0xfe]))).toThrow(NotKafkaError)
})

test('the alert of a listener with TLS is an error of its own', () => {
  const alert = Buffer.from('15030300020250', 'hex')
  expect(() => collectResponses()(alert)).toThrow(TlsAnswerError)
})
