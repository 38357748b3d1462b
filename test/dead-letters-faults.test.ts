import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createTopicAdmin } from '../backbone/kafka/topic-admin.ts'
import type { DeadLetter } from '../backbone/records/dead-letter.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 40_000, interval: 100 }
const system = useSystem({ gateways: 2, processors: 2 })

interface Page {
  results: { id: string; status: number }[]
  next: string | null
}

async function writeInvalid(count: number, marker: string): Promise<void> {
  await system().produce(async (producer) => {
    const messages = Array.from({ length: count }, (_, i) => ({
      value: JSON.stringify({ ...checkoutOf('none', i), productovisto: `${marker} ${i}`, edad: 200 }),
      partition: i % 6,
    }))
    await producer.send({ topic: system().topics.data, messages })
  })
}

async function listOf(url: string): Promise<{ items: DeadLetter[]; unread: number }> {
  const response = await fetch(`${url}/dead-letters?limit=1000`)
  expect(response.status, await response.clone().text()).toBe(200)
  return (await response.json()) as { items: DeadLetter[]; unread: number }
}

const processors = () => system().processors.map(({ url }) => url)
const untilListed = (count: number) =>
  vi.waitFor(async () => {
    for (const url of processors()) {
      const { items, unread } = await listOf(url)
      expect([items.length, unread]).toEqual([count, 0])
    }
  }, SOON)

const fileOf = (member: number) => {
  const folder = join(system().folder, `processor-${member + 1}`)
  const name = readdirSync(folder).find((file) => file.endsWith('-dead-letters.db'))
  return join(folder, name ?? '')
}

async function restart(member: number, meanwhile: () => void): Promise<void> {
  const processor = system().processors[member]!
  await processor.child.kill('SIGKILL')
  meanwhile()
  processor.child.start()
  await processor.ready()
}

/** Sends pages until there are no more, and repeats what failed, as the guide says; or stops after `pages`. */
async function sendAll(gateway: number, pages = Number.POSITIVE_INFINITY, onPage?: (page: number) => void) {
  const url = `${system().gateways[gateway]?.url}/dead-letters/redrive`
  let cursor: string | null | undefined
  for (let page = 1; page <= pages && cursor !== null; page++) {
    const answer = await vi.waitFor(async () => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ limit: 6, patch: { edad: 40 }, ...(cursor ? { cursor } : {}) }),
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Page
    }, SOON)
    expect(answer.results.every(({ status }) => status < 300)).toBe(true)
    cursor = answer.next
    onPage?.(page)
  }
}

test('a run through the kill of a processor and of its gateway, begun again at another, loses and doubles nothing', async () => {
  const COUNT = 60
  await writeInvalid(COUNT, 'fault')
  await untilListed(COUNT)

  const killed = system().processors[0]!
  let killing: Promise<void> | undefined
  const [gateway] = system().gateways
  await sendAll(0, 4, (page) => {
    if (page === 2) killing = killed.child.kill('SIGKILL')
  })
  await killing
  killed.child.start()
  // Killed during a page.
  const interrupted = sendAll(0, 1)
  interrupted.catch(() => undefined)
  await new Promise((resolve) => setImmediate(resolve))
  await gateway?.child.kill('SIGKILL')
  gateway?.child.start()
  await interrupted

  await sendAll(1)
  await killed.ready()
  const sent = await vi.waitFor(async () => {
    const records = await readTopic(system().brokers, system().topics.notifications)
    const outcomes = records
      .filter(({ value }) => value !== 'null')
      .map(({ value }) => JSON.parse(value) as Outcome)
    const redriven = outcomes.filter(({ redrive, kind }) => redrive !== undefined && kind !== 'invalid')
    expect(redriven.length).toBeGreaterThanOrEqual(COUNT)
    return redriven
  }, SOON)
  expect(sent).toHaveLength(COUNT)
  expect(new Set(sent.map(({ redrive }) => redrive?.of)).size).toBe(COUNT)
  expect(new Set(sent.map(({ checkout }) => checkout?.productovisto)).size).toBe(COUNT)
  // None is a conflict, either.
  await untilListed(COUNT)
}, 180_000)

test('a deleted or damaged file is read from the topic again', async () => {
  const [first, second] = processors()
  const before = await listOf(first!)
  await restart(0, () => rmSync(fileOf(0)))
  await restart(1, () => writeFileSync(fileOf(1), 'damaged'))
  await vi.waitFor(async () => {
    expect(await listOf(first!)).toEqual(before)
    expect(await listOf(second!)).toEqual(before)
  }, SOON)
}, 120_000)

test('what retention removes is not listed; a recreated topic is read from its beginning', async () => {
  const { items: before } = await listOf(processors()[0]!)
  const removed = before.filter(({ place }) => place.partition === 1)
  const first = Math.max(...removed.map(({ place }) => place.offset))
  const admin = system().kafka.admin()
  await admin.connect()
  const topic = system().topics.deadLetter
  // Without it, kafkajs knows no leader to ask.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: String(first) }] })
  await untilListed(before.length - removed.length + 1)

  const replicas = createTopicAdmin(system().kafka)
  await replicas.connect()
  const { nodeIds } = await replicas.describeCluster()
  await admin.deleteTopics({ topics: [topic] })
  await vi.waitFor(async () => expect(await admin.listTopics()).not.toContain(topic), SOON)
  await replicas.createTopics([
    { topic, config: {}, assignment: [0, 1, 2].map((partition) => ({ partition, replicas: nodeIds })) },
  ])
  await Promise.all([admin.disconnect(), replicas.disconnect()])
  await writeInvalid(6, 'afterwards')
  await untilListed(6)
}, 180_000)
