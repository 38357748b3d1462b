import type { ServerResponse } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { createSeededRandom } from '../../../loadgen/shoppers/seeded-random.ts'
import { followStream } from './follow-stream.ts'
import type { SubscriberLog } from './subscriber-notes.ts'
import { startSubscribers } from './subscribers.ts'
import { listen } from './test-gateway.ts'

const FRAMES = 3_000
const PARTITIONS = 3
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`follow-stream.test.ts: TEST_SEED=${seed}`)
const randomizer = createSeededRandom()
randomizer.seed(seed)
const random = () => randomizer.next()

const stops: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

const dataOf = (n: number) =>
  `{"eventId":"${n}","checkout":{"nombre":"Íñigo \\"source\\":{\\"partition\\":9,\\"offset\\":9}}"},"source":{"partition":${n % PARTITIONS},"offset":${Math.floor(n / PARTITIONS)}}}`

/** Only the position of every eighth record is sent, as for records that a filter skipped. */
const isNotification = (n: number) => n % 8 !== 7
const frameOf = (n: number) =>
  isNotification(n)
    ? `event: notification\nid: ${n + 1}\ndata: ${dataOf(n)}\n\n`
    : `event: checkpoint\nid: ${n + 1}\ndata: {}\n\n`

/** Sends in pieces of odd sizes, with short pauses. */
async function trickle(response: ServerResponse, text: string) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length && !response.destroyed; ) {
    const next = at + 1 + Math.floor(random() * 4_000)
    response.write(bytes.subarray(at, next))
    at = next
    await Bun.sleep(1)
  }
}

/** Numbered frames; a client that resumes gets them from its last id on, moved by `shift`. */
async function startStream(shift = 0) {
  const resumedAt: number[] = []
  const { url, stop } = await listen((request, response) => {
    const lastId = request.headers['last-event-id']
    if (lastId !== undefined) resumedAt.push(Number(lastId))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const first = lastId === undefined ? 0 : Math.max(0, Number(lastId) + shift)
    const frames = Array.from({ length: Math.max(0, FRAMES - first) }, (_, i) => frameOf(first + i))
    void trickle(response, `retry: 3000\n\n${frames.join('')}`)
  })
  stops.push(stop)
  return { url, resumedAt }
}

function follow(gateways: string[], subscriber: number) {
  const stream = followStream({ gateways, subscriber, random, cutEvery: { minMs: 2, maxMs: 30 } })
  stops.push(stream.stop)
  return stream
}

const expectedOffsets = (partition: number) =>
  Array.from({ length: FRAMES }, (_, n) => n)
    .filter((n) => isNotification(n) && n % PARTITIONS === partition)
    .map((n) => Math.floor(n / PARTITIONS))
const expectedSeen = Array.from({ length: FRAMES }, (_, n) => n).filter(isNotification).length

const offsetsOf = ({ partitions }: SubscriberLog, partition: number) => [
  ...(partitions.get(partition)?.offsets ?? []),
]

async function readAll(urls: string[], subscribers: number) {
  const streams = Array.from({ length: subscribers }, (_, subscriber) => follow(urls, subscriber))
  await vi.waitFor(
    () => {
      for (const stream of streams) expect(stream.seen()).toBeGreaterThanOrEqual(expectedSeen)
    },
    { timeout: 10_000 },
  )
  return streams.map((stream) => stream.stop())
}

test('each sees every notification once and in order, however often it is cut, also within a frame', async () => {
  const gateways = [await startStream(), await startStream()]
  const logs = await readAll(
    gateways.map(({ url }) => url),
    4,
  )
  for (const log of logs) {
    expect(log.gaps).toEqual([])
    for (let partition = 0; partition < PARTITIONS; partition++) {
      expect(offsetsOf(log, partition)).toEqual(expectedOffsets(partition))
      const hashes = log.partitions.get(partition)?.hashes ?? []
      expect([...hashes]).toEqual(
        expectedOffsets(partition).map((offset) =>
          Bun.hash.xxHash32(dataOf(offset * PARTITIONS + partition)),
        ),
      )
    }
  }
  const sum = (count: (log: SubscriberLog) => number) => logs.reduce((total, log) => total + count(log), 0)
  expect(sum(({ cutMidFrame }) => cutMidFrame)).toBeGreaterThan(10)
  const resumed = gateways.map(({ resumedAt }) => resumedAt.length)
  expect(sum((log) => log.resumed)).toBe(resumed.reduce((a, b) => a + b, 0))
  expect(Math.min(...resumed)).toBeGreaterThan(5)
  // It resumed from a checkpoint.
  expect(gateways.flatMap(({ resumedAt }) => resumedAt).some((id) => !isNotification(id - 1))).toBe(true)
})

test.each([
  ['late leaves something out', 1],
  ['early repeats something', -1],
])('a stream that resumes one too %s, and that shows', async (_, shift) => {
  const { url } = await startStream(shift)
  const stream = follow([url], 0)
  const faults = () =>
    [0, 1, 2].flatMap((partition) => {
      const offsets = offsetsOf(stream.stop(), partition)
      return offsets.filter((offset, i) => offset !== expectedOffsets(partition)[i])
    })
  await vi.waitFor(() => expect(stream.seen()).toBeGreaterThan(expectedSeen / 2), { timeout: 10_000 })
  expect(faults().length).toBeGreaterThan(0)
})

test('gaps and data without a position are reported', async () => {
  const { url, stop } = await listen((_, response) => {
    response.write('event: gap\nid: 1\ndata: {"partitions":[]}\n\nevent: notification\ndata: oops\n\n')
  })
  stops.push(stop)
  const stream = follow([url], 3)
  await vi.waitFor(() => expect(stream.seen()).toBeGreaterThan(0))
  const { subscriber, gaps } = stream.stop()
  expect(subscriber).toBe(3)
  expect(gaps.slice(0, 2)).toEqual(['{"partitions":[]}', 'notification without a source: oops'])
})

test('subscribers go on where one gateway is closed and the other answers 503 at first', async () => {
  let requests = 0
  const { url, stop } = await listen((request, response) => {
    const from = request.headers['last-event-id']
    if (requests++ < 2) response.writeHead(503).end(frameOf(0))
    else response.end(from === undefined ? frameOf(0) + frameOf(1) : frameOf(Number(from)))
  })
  stops.push(stop)
  const subscribers = startSubscribers({ gateways: [url, 'http://127.0.0.1:1'], subscribers: 2, seed })
  await vi.waitFor(
    async () => {
      for (const seen of await subscribers.seen()) expect(seen).toBeGreaterThanOrEqual(3)
    },
    { timeout: 10_000, interval: 20 },
  )
  subscribers.quiet()
  const logs = await subscribers.stop()
  expect(logs.map(({ subscriber }) => subscriber)).toEqual([0, 1])
  for (const log of logs) {
    expect(log.gaps).toEqual([])
    expect(offsetsOf(log, 0)).toEqual(expectedOffsets(0).slice(0, offsetsOf(log, 0).length))
    expect(log.resumed).toBeGreaterThan(0)
  }
})
