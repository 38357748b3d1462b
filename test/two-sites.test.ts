import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Partitioners, type Producer } from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { type KafkaCluster, startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog, type Watchdog } from '../deploy/watchdog.ts'
import { createTestRandom } from '../processor/testing/random.ts'
import { readStream } from './event-stream.ts'
import { readTopic } from './read-topic.ts'
import { startSystem, type TestSystem } from './test-system.ts'
import { countedOutcomes } from './two-sites/counted-outcomes.ts'
import { startDirectWriter } from './two-sites/direct-writer.ts'
import { eventIdIn, expectEachOnce } from './two-sites/expect-each-once.ts'
import { createMirrorMaker } from './two-sites/mirror-maker.ts'
import { recoveryPoint } from './two-sites/recovery-point.ts'
import { type Acknowledged, startLoad } from './two-sites/site-load.ts'

const topics = {
  data: 'DataTopic',
  notifications: 'Notifications',
  deadLetter: 'DataTopic.dead-letter',
  followUp: 'FollowUp',
  figures: 'Figures',
  history: 'History',
  layout: 'Layout',
}
const PATIENT = { timeout: 180_000, interval: 500 }

const random = createTestRandom()
// Drawn first, so that a seed repeats it.
const isMirrorKilled = random.chance(0.5)
const folder = mkdtempSync(join(tmpdir(), 'two-sites-'))
let watchdog: Watchdog
let kafkaA: KafkaCluster
let kafkaB: KafkaCluster
let mirror: Awaited<ReturnType<typeof createMirrorMaker>>
let a: TestSystem
let b: TestSystem
const systems: TestSystem[] = []
const producers: Producer[] = []

beforeAll(async () => {
  watchdog = startWatchdog(folder)
  const start = (name: string) =>
    startKafka({ dataDir: join(folder, name), brokers: 1, watchdog, log: console.error })
  ;[kafkaA, kafkaB] = await Promise.all([start('a'), start('b')])
  mirror = await createMirrorMaker({ folder, from: kafkaA.bootstrap, to: kafkaB.bootstrap, watchdog })
  a = await startSite(kafkaA)
}, 240_000)
afterAll(async () => {
  try {
    for (const producer of producers) await producer.disconnect()
    for (const system of systems) await system.stop()
  } finally {
    await watchdog.drain()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function startSite({ bootstrap }: KafkaCluster): Promise<TestSystem> {
  const system = await startSystem({ brokers: bootstrap, gateways: 1, processors: 1, topics })
  systems.push(system)
  return system
}

const siteUrl = ({ gateways }: TestSystem) => gateways[0]?.url ?? ''
const processorOf = ({ processors }: TestSystem) => {
  const [processor] = processors
  if (!processor) throw new Error('there is no processor')
  return processor
}

async function writerTo({ kafka }: TestSystem): Promise<Producer> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 0 },
  })
  await producer.connect()
  producers.push(producer)
  return producer
}

/** All outcomes that a site serves, from the first page to the end. */
async function served(site: TestSystem): Promise<string[]> {
  const eventIds: string[] = []
  for (let query = ''; ; ) {
    const response = await fetch(`${processorOf(site).url}/notifications?kind=all&limit=1000${query}`)
    const page = (await response.json()) as { items: Outcome[]; next: string }
    eventIds.push(...page.items.map(({ eventId }) => eventId))
    if (page.items.length === 0) return eventIds
    query = `&cursor=${page.next}`
  }
}

async function expectServed(eventIds: readonly string[]): Promise<void> {
  const expected = new Set(eventIds)
  await vi.waitFor(async () => {
    const ids = await served(b)
    const found = new Set(ids)
    expect(ids).toHaveLength(found.size)
    expect({
      missing: [...expected.difference(found)],
      unexpected: [...found.difference(expected)],
    }).toEqual({ missing: [], unexpected: [] })
  }, PATIENT)
}

const decided = ({ isComplete }: { isComplete: boolean }) =>
  vi.waitFor(() => expectEachOnce(kafkaB.bootstrap, isComplete), PATIENT)

const missingAtB = () => recoveryPoint(kafkaA.bootstrap[0] ?? '', kafkaB.bootstrap[0] ?? '')

const endsOf = async (cluster: KafkaCluster, topic: string) =>
  (await readTopic(cluster.bootstrap, topic).catch(() => [])).length

/** The link to site A is lost while checkouts arrive there, and a little later site A itself. */
async function loseSiteA(load: ReturnType<typeof startLoad>): Promise<void> {
  if (isMirrorKilled) await mirror.stop('SIGKILL')
  else mirror.freeze()
  await sleep(300 + random.below(2_000))
  const [broker] = kafkaA.brokers
  await Promise.all([
    broker?.child.kill('SIGKILL'),
    ...[...a.gateways, ...a.processors].map((instance) => instance.child.kill('SIGKILL')),
  ])
  await load.stop()
  if (!isMirrorKilled) await mirror.stopFrozen()
  console.log(`MirrorMaker was ${isMirrorKilled ? 'killed' : 'cut off and then stopped'}`)
}

test('load goes on at the other site, and each checkout has one outcome there', async () => {
  mirror.start()
  const load = startLoad({ url: siteUrl(a), random })
  const writer = startDirectWriter({
    producer: await writerTo(a),
    topic: topics.data,
    random,
    known: load.acknowledged,
  })
  await vi.waitFor(
    async () => expect(await endsOf(kafkaB, topics.notifications)).toBeGreaterThan(200),
    PATIENT,
  )

  await mirror.stop('SIGKILL')
  mirror.start()
  const { next: cursorOfA } = (await (await fetch(`${siteUrl(a)}/notifications?from=now`)).json()) as {
    next: string
  }
  const mirrored = await endsOf(kafkaB, topics.data)
  await vi.waitFor(
    async () => expect(await endsOf(kafkaB, topics.data)).toBeGreaterThan(mirrored + 100),
    PATIENT,
  )

  await sleep(random.below(4_000))
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1_000).toFixed(1)} s`
  const times: Record<string, string> = {}
  await loseSiteA(load)
  await writer.stop()
  times['site A is lost, MirrorMaker has ended'] = seconds()

  b = await startSite(kafkaB)
  times['site B serves'] = seconds()
  const loadAtB = startLoad({ url: siteUrl(b), random, known: load.acknowledged })
  const writerAtB = startDirectWriter({
    producer: await writerTo(b),
    topic: topics.data,
    random,
    known: load.acknowledged,
  })
  await sleep(5_000)
  await Promise.all([loadAtB.stop(), writerAtB.stop()])
  const atB = await decided({ isComplete: false })
  times['all of it is decided'] = seconds()
  await expectServed(atB)

  const streamed = new Set<string>()
  const events: string[] = []
  const last = await readStream(
    `${processorOf(b).url}/notifications/stream?kind=all`,
    cursorOfA,
    ({ event, data }) => {
      events.push(event)
      if (event === 'notification') streamed.add((JSON.parse(data) as Outcome).eventId)
      return streamed.size === atB.length
    },
  )
  expect(events[0]).toBe('gap')
  expect(last).toBeDefined()
  expect(events.filter((event) => event !== 'gap' && event !== 'notification')).toEqual([])
  expect(events).toHaveLength(atB.length + 1)

  // Site A returns: what B does not have is listed, and then copied.
  const [brokerA] = kafkaA.brokers
  brokerA?.child.start()
  await brokerA?.ready()
  const eventsIn = async ({ bootstrap }: KafkaCluster) =>
    new Set((await readTopic(bootstrap, topics.data)).flatMap((record) => eventIdIn(record) ?? []))
  const [dataAtA, dataAtB] = [await eventsIn(kafkaA), await eventsIn(kafkaB)]
  const missing = dataAtA.difference(dataAtB)
  const point = await missingAtB()
  console.log({
    acknowledgedAtA: load.acknowledged.length,
    acknowledgedAtB: loadAtB.acknowledged.length,
    missing: missing.size,
    missingWithOutcome: missing.intersection(new Set(atB)).size,
  })
  expect(point.eventIds.toSorted()).toEqual([...missing].toSorted())
  expect(point.code).toBe(missing.size > 0 ? 1 : 0)
  const unlisted = load.acknowledged.filter(({ eventId }) => !dataAtB.has(eventId) && !missing.has(eventId))
  expect(unlisted).toEqual([])

  mirror.start('DataTopic')
  await vi.waitFor(async () => expect(await missingAtB()).toMatchObject({ code: 0, missing: 0 }), PATIENT)
  await mirror.stop('SIGTERM')
  times['site A is copied'] = seconds()
  const repaired = await decided({ isComplete: true })
  const all: readonly Acknowledged[] = [...load.acknowledged, ...loadAtB.acknowledged]
  const outcomes = new Set(repaired)
  expect(all.filter(({ eventId }) => !outcomes.has(eventId))).toEqual([])
  await expectServed(repaired)

  // A mistake: site A decides on what it had, and its outcomes are copied, too, while checkouts arrive at B.
  for (const { child } of a.processors) child.start()
  await Promise.all(a.processors.map((processor) => processor.ready()))
  const more = startLoad({ url: siteUrl(b), random, known: all })
  mirror.start()
  await vi.waitFor(async () => {
    const { late } = countedOutcomes(await readTopic(kafkaB.bootstrap, topics.notifications))
    expect(late).toBeGreaterThan(0)
  }, PATIENT)
  await sleep(2_000)
  await more.stop()
  await mirror.stop('SIGTERM')
  const afterMistake = await decided({ isComplete: true })
  await expectServed(afterMistake)
  expect(processorOf(b).log()).toContain('stop mirroring this topic')

  // A processor that reads the log from its beginning, with late copies in it, comes to the same result.
  const { child, ready } = processorOf(b)
  await child.kill('SIGKILL')
  rmSync(join(dirname(child.logFile), child.name), { recursive: true })
  child.start()
  await ready()
  await expectServed(afterMistake)
  console.log(times)
}, 900_000)
