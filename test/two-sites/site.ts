import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { expect, vi } from 'vitest'
import type { Outcome } from '../../backbone/records/outcome.ts'
import type { KafkaCluster } from '../../deploy/kafka/start-kafka.ts'
import { readStream } from '../event-stream.ts'
import { partitionsAt, requestPartitions } from '../partitions-route.ts'
import type { Instance, TestSystem } from '../test-system.ts'

export const PATIENT = { timeout: 400_000, interval: 500 }

function only(instances: readonly Instance[]): Instance {
  const [instance] = instances
  if (!instance) throw new Error('there is no such instance')
  return instance
}

export const gatewayOf = ({ gateways }: TestSystem): Instance => only(gateways)
export const processorOf = ({ processors }: TestSystem): Instance => only(processors)

/** A cursor of the newest outcome. */
export async function cursorAt(site: TestSystem): Promise<string> {
  const response = await fetch(`${gatewayOf(site).url}/notifications?from=now`)
  return ((await response.json()) as { next: string }).next
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

/** A site serves these outcomes, each once. */
export async function expectServed(site: TestSystem, eventIds: readonly string[]): Promise<void> {
  const expected = new Set(eventIds)
  await vi.waitFor(async () => {
    const ids = await served(site)
    const found = new Set(ids)
    expect(ids).toHaveLength(found.size)
    expect({
      missing: [...expected.difference(found)],
      unexpected: [...found.difference(expected)],
    }).toEqual({ missing: [], unexpected: [] })
  }, PATIENT)
}

/** A stream that is resumed with a cursor of another log reports a gap, and then has everything once. */
export async function expectGapAndAll(
  site: TestSystem,
  cursor: string,
  eventIds: readonly string[],
): Promise<void> {
  const streamed = new Set<string>()
  const events: string[] = []
  const last = await readStream(
    `${processorOf(site).url}/notifications/stream?kind=all`,
    cursor,
    ({ event, data }) => {
      events.push(event)
      if (event === 'notification') streamed.add((JSON.parse(data) as Outcome).eventId)
      return streamed.size === eventIds.length
    },
  )
  expect(events[0]).toBe('gap')
  expect(last).toBeDefined()
  expect(events.filter((event) => event !== 'gap' && event !== 'notification')).toEqual([])
  expect(events).toHaveLength(eventIds.length + 1)
}

/** Spreads the customers of a site over more partitions, as `npm run partitions` does. */
export async function growTo(site: TestSystem, partitions: number, version: number): Promise<void> {
  await vi.waitFor(async () => {
    const response = await requestPartitions(gatewayOf(site).url, { partitions })
    expect(await response.json()).toEqual({ partitions, version, change: null })
  }, PATIENT)
}

export async function expectLayout(site: TestSystem, partitions: number, version: number): Promise<void> {
  expect(await partitionsAt(gatewayOf(site).url)).toEqual({ partitions, version, change: null })
}

export async function partitionCount(cluster: KafkaCluster, topic: string): Promise<number> {
  return await withAdmin(cluster, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0]?.partitions.length ?? 0
  })
}

/** Everything that was classified is in Notifications. */
export async function expectNoLag(site: TestSystem): Promise<void> {
  await vi.waitFor(async () => {
    const response = await fetch(`${processorOf(site).url}/operations`)
    expect(await response.json()).toMatchObject({ lag: { records: 0 } })
  }, PATIENT)
}

/** Removes the file of a processor's read model, and those beside it. */
export function deleteReadModel({ child }: Instance): void {
  rmSync(join(dirname(child.logFile), child.name), { recursive: true })
}

/** Removes all topics of a cluster except Kafka's own. */
export async function deleteTopics(cluster: KafkaCluster): Promise<void> {
  await withAdmin(cluster, async (admin) => {
    const existing = async () => (await admin.listTopics()).filter((topic) => !topic.startsWith('__'))
    await admin.deleteTopics({ topics: await existing() })
    await vi.waitFor(async () => expect(await existing()).toEqual([]), PATIENT)
  })
}

async function withAdmin<Result>(
  { bootstrap: brokers }: KafkaCluster,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
