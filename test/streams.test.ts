import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import type { ClassifiedKind, Outcome } from '../backbone/records/outcome.ts'
import { createSeededRandom } from '../loadgen/shoppers/seeded-random.ts'
import { checkoutOf, lastOfEachPartition, recordOf } from './checkouts.ts'
import { openEventStream, readStream } from './event-stream.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const PARTITIONS = 6
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`streams.test.ts: TEST_SEED=${seed}`)
const generator = createSeededRandom()
generator.seed(seed)
const random = () => generator.next()

let system: TestSystem
/** A system to which nothing was sent yet. */
let quiet: TestSystem
const url = (member: number) => system.processors[member % 2]?.url ?? ''

beforeAll(async () => {
  const start = () => startSystem({ brokers: inject('kafkaBrokers'), processors: 2 })
  ;[system, quiet] = await Promise.all([start(), start()])
})
afterAll(() => Promise.all([system.stop(), quiet.stop()]))

async function produce(kinds: ClassifiedKind[]) {
  const records = kinds.map((kind, i) => recordOf(checkoutOf(kind, i), PARTITIONS))
  await system.produce(async (producer) => {
    for (let i = 0; i < records.length; i += 200) {
      await producer.send({ topic: system.topics.data, messages: records.slice(i, i + 200) })
    }
  })
  return { ids: records.map(({ eventId }) => eventId), last: lastOfEachPartition(records) }
}

/** Waits until both members have every event, so that the following steps do not depend on speed. */
async function followed({ last }: Awaited<ReturnType<typeof produce>>) {
  const follows = async (member: number) => {
    for (const { eventId } of last) {
      const response = await fetch(`${url(member)}/checkout/${eventId}`, { headers: { prefer: 'wait=30' } })
      expect(response.status).toBe(200)
    }
  }
  await Promise.all([0, 1].map(follows))
}

/** Cuts the stream randomly and resumes it on the other member, until all of `expected` arrived. */
async function collectThroughCuts(query: string, from: string | undefined, expected: ReadonlySet<string>) {
  const seen: Outcome[] = []
  let lastId = from
  let cuts = 0
  const own = () => seen.filter(({ eventId }) => expected.has(eventId)).length
  while (own() < expected.size) {
    let left = Math.ceil((random() * expected.size) / 20)
    lastId = await readStream(`${url(cuts)}/notifications/stream?${query}`, lastId, (event) => {
      expect(event.event).toBe('notification')
      seen.push(JSON.parse(event.data) as Outcome)
      left -= 1
      return left <= 0 || own() === expected.size
    })
    cuts += 1
  }
  return { seen: seen.filter(({ eventId }) => expected.has(eventId)), cuts, lastId }
}

function expectOnceInOrder(seen: Outcome[], expected: ReadonlySet<string>) {
  expect(new Set(seen.map(({ eventId }) => eventId))).toEqual(expected)
  expect(seen).toHaveLength(expected.size)
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const offsets = seen
      .filter(({ source }) => source.partition === partition)
      .map(({ source }) => source.offset)
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  }
}

const now = async () => {
  const { next } = (await (await fetch(`${url(0)}/notifications?from=now`)).json()) as { next: string }
  return next
}

test('a stream that is cut at random and resumed on the other member gives every notification once', async () => {
  const from = await now()
  const kinds = Array.from({ length: 3_000 }, () => (random() < 0.5 ? 'quick' : 'slow') as ClassifiedKind)
  const expected = new Set((await produce(kinds)).ids)
  const { seen, cuts } = await collectThroughCuts('', from, expected)
  expect(cuts).toBeGreaterThanOrEqual(20)
  expectOnceInOrder(seen, expected)
})

test('so does one whose filter skips most records', async () => {
  const from = await now()
  const kinds = Array.from(
    { length: 3_000 },
    (_, i) => (i % 30 === 0 ? 'unverified' : 'quick') as ClassifiedKind,
  )
  const produced = await produce(kinds)
  await followed(produced)
  const expected = new Set(produced.ids.filter((_, i) => i % 30 === 0))
  const { seen, cuts } = await collectThroughCuts('kind=unverified', from, expected)
  expect(cuts).toBeGreaterThanOrEqual(10)
  expectOnceInOrder(seen, expected)
}, 60_000)

test('one cut while partitions were empty misses nothing that comes to them later', async () => {
  const stream = openEventStream(`${quiet.processors[0]?.url}/notifications/stream`, undefined)
  const reading = stream.events().next()
  await vi.waitFor(() => expect(stream.lastId()).toBeDefined())
  stream.cut()
  await expect(reading).rejects.toThrow()

  const records = Array.from({ length: 60 }, (_, i) => recordOf(checkoutOf('quick', i), PARTITIONS))
  await quiet.produce(async (producer) => {
    await producer.send({ topic: quiet.topics.data, messages: records })
  })
  const seen: string[] = []
  await readStream(`${quiet.processors[1]?.url}/notifications/stream`, stream.lastId(), ({ data }) => {
    seen.push((JSON.parse(data) as Outcome).eventId)
    return seen.length === records.length
  })
  expect(seen.toSorted()).toEqual(records.map(({ eventId }) => eventId).toSorted())
})

test('pages go through everything by `next`, none twice, and a stream goes on from the last one', async () => {
  const from = await now()
  const produced = await produce(Array.from({ length: 1_000 }, () => 'quick' as const))
  await followed(produced)

  const paged: string[] = []
  let cursor = from
  for (let page = 0; ; page++) {
    const response = await fetch(`${url(page)}/notifications?limit=77&cursor=${cursor}`)
    const { items, next } = (await response.json()) as { items: Outcome[]; next: string }
    paged.push(...items.map(({ eventId }) => eventId))
    cursor = next
    if (items.length === 0) break
  }
  expect(paged.toSorted()).toEqual(produced.ids.toSorted())

  const later = new Set((await produce(Array.from({ length: 50 }, () => 'slow' as const))).ids)
  const { seen } = await collectThroughCuts('', cursor, later)
  expectOnceInOrder(seen, later)
})

test('a cursor older than retention gets `gap` first, then everything that is kept', async () => {
  const before = await now()
  const lost = await produce(Array.from({ length: 300 }, () => 'quick' as const))
  await followed(lost)

  const admin = system.kafka.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(system.topics.notifications)
  await admin.deleteTopicRecords({
    topic: system.topics.notifications,
    partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
  })
  await admin.disconnect()
  const kept = await produce(Array.from({ length: 30 }, () => 'quick' as const))
  await followed(kept)
  await vi.waitFor(
    async () => {
      for (const member of [0, 1]) {
        expect((await fetch(`${url(member)}/checkout/${lost.ids[0]}`)).status).toBe(404)
      }
    },
    { timeout: 20_000, interval: 200 },
  )

  for (const member of [0, 1]) {
    const events: string[] = []
    const seen: string[] = []
    await readStream(`${url(member)}/notifications/stream`, before, ({ event, data }) => {
      events.push(event)
      if (event === 'notification') seen.push((JSON.parse(data) as Outcome).eventId)
      return seen.length === kept.ids.length
    })
    expect(events[0]).toBe('gap')
    expect(events.filter((event) => event === 'gap')).toHaveLength(1)
    expect(seen.toSorted()).toEqual(kept.ids.toSorted())
  }
})
