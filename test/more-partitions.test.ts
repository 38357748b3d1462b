import { expect, test, vi } from 'vitest'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { homePartition, laneOf } from '../backbone/records/partition.ts'
import type { Accepted } from '../gateway/checkout/accept-checkout.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import type { Instance } from './test-system.ts'
import { useSystem } from './use-system.ts'

const BEFORE = 6
const AFTER = 9
const NOTICED_WITHIN_MS = 30_000
// A processor measures its lag every two seconds: a waiting time of one second was not always enough.
const LAG_MEASURED = { timeout: 10_000 }

const system = useSystem({ processors: 2, gateways: 1 })

const processes = () => [...system().gateways, ...system().processors]

function at(instances: Instance[], index: number): Instance {
  const instance = instances[index]
  if (!instance) throw new RangeError(`there is no instance ${index}`)
  return instance
}

async function grow(topic: string) {
  const admin = system().kafka.admin()
  await admin.connect()
  await admin.createPartitions({ topicPartitions: [{ topic, count: AFTER }] })
  await admin.disconnect()
}

async function topicsCheck({ url }: Instance): Promise<HealthCheck | undefined> {
  const response = await fetch(`${url}/health/ready`)
  expect(response.status).toBe(200)
  const { checks } = (await response.json()) as { checks: HealthCheck[] }
  return checks.find(({ name }) => name === 'topics')
}

async function metricsOf({ url }: Instance): Promise<string[]> {
  return (await (await fetch(`${url}/metrics`)).text()).split('\n')
}

const noticed = (instance: Instance, detail: string) =>
  vi.waitFor(
    async () => {
      expect(await topicsCheck(instance)).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining(detail),
      })
    },
    { timeout: NOTICED_WITHIN_MS, interval: 250 },
  )

/** Whatever happens to the topics, the checkouts of a customer always go to the same partition. */
async function send(checkout: ReturnType<typeof checkoutOf>): Promise<Accepted> {
  const response = await fetch(`${at(system().gateways, 0).url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(checkout),
  })
  expect(response.status).toBe(202)
  const accepted = (await response.json()) as Accepted
  expect(accepted.partition).toBe(homePartition(checkout.id, laneOf(checkout), BEFORE))
  return accepted
}

async function sendAll(checkouts: ReturnType<typeof checkoutOf>[]): Promise<string[]> {
  const eventIds: string[] = []
  for (const checkout of checkouts) eventIds.push((await send(checkout)).eventId)
  return eventIds
}

const newCheckouts = () => Array.from({ length: 30 }, (_, i) => checkoutOf(i % 3 === 0 ? 'none' : 'quick', i))

async function expectOutcomes(eventIds: string[]) {
  for (const eventId of eventIds) {
    const response = await fetch(`${at(system().gateways, 0).url}/checkout/${eventId}`, {
      headers: { prefer: 'wait=30' },
    })
    expect(await response.json()).toMatchObject({ status: 'classified' })
  }
}

async function restart({ child, ready }: Instance, signal: NodeJS.Signals = 'SIGKILL') {
  await child.kill(signal)
  child.start()
  await ready()
}

/**
 * Records of other programs, by Kafka's own partitioner, which uses every partition: with an event id and
 * plain.
 */
async function writeToNewPartitions(): Promise<number> {
  const messages = [6, 7, 8].flatMap((partition) =>
    Array.from({ length: 20 }, (_, i) => {
      const { headers, ...record } = recordOf(checkoutOf('quick', i), AFTER)
      return { ...record, partition, ...(i % 2 === 0 && headers ? { headers } : {}) }
    }),
  )
  await system().produce(async (producer) => {
    await producer.send({ topic: system().topics.data, messages })
  })
  return messages.length
}

/** Reads to the end of this instance's outcomes, from a cursor on. */
async function readOn({ url }: Instance, cursor: string) {
  const eventIds: string[] = []
  for (let next = cursor; ; ) {
    const response = await fetch(`${url}/notifications?cursor=${next}&limit=100&kind=quick,none`)
    const page = (await response.json()) as { items: Outcome[]; next: string }
    eventIds.push(...page.items.map(({ eventId }) => eventId))
    next = page.next
    if (page.items.length < 100) return { eventIds, next }
  }
}

test('DataTopic gets more partitions: every process reports it, work continues, and nothing is lost or duplicated', async () => {
  const [one, two] = [at(system().processors, 0), at(system().processors, 1)]
  const { next: start } = (await (await fetch(`${one.url}/notifications?from=now`)).json()) as {
    next: string
  }
  const early = newCheckouts()
  const earlyIds = await sendAll(early)
  const sent = new Set(earlyIds)
  const sendNew = async () => {
    for (const eventId of await sendAll(newCheckouts())) sent.add(eventId)
  }
  await grow(system().topics.data)
  const written = await writeToNewPartitions()

  const mismatch = `${system().topics.data} has 9 partitions, ${system().topics.notifications} has 6: records in partitions 6 to 8`
  await Promise.all(processes().map((instance) => noticed(instance, mismatch)))
  for (const instance of processes()) {
    const errors = instance
      .log()
      .split('\n')
      .filter((line) => line.includes(mismatch))
    expect(errors).toHaveLength(1)
    expect(JSON.parse(errors[0] ?? '')).toMatchObject({ level: 'error', data: 9, notifications: 6 })
    expect(await metricsOf(instance)).toEqual(
      expect.arrayContaining([
        `checkout_topic_partitions{topic="${system().topics.data}"} 9`,
        `checkout_topic_partitions{topic="${system().topics.notifications}"} 6`,
        'checkout_topic_mismatch 1',
      ]),
    )
  }

  // Purchases continue, also after each process was restarted; the new partitions wait.
  for (const { child } of processes()) {
    await child.kill('SIGKILL')
    child.start()
    await at(system().gateways, 0).ready()
    await sendNew()
    expect(await sendAll(early)).toEqual(earlyIds)
  }
  // Together: members that join after a kill wait until the session of the killed one ends.
  await Promise.all(system().processors.map(({ ready }) => ready()))
  await expectOutcomes([...sent])

  await grow(system().topics.notifications)
  for (const instance of system().processors) await noticed(instance, 'restart it')
  await restart(one, 'SIGTERM')
  // A reader moves from one to the other during their restarts.
  await vi.waitFor(async () => {
    const lags = (await metricsOf(one)).filter((line) => line.startsWith('checkout_view_lag_records '))
    expect(lags).toEqual(['checkout_view_lag_records 0'])
  }, LAG_MEASURED)
  const first = await readOn(one, start)
  const second = await readOn(two, first.next)
  await Promise.all([restart(two), restart(at(system().gateways, 0))])
  expect(await sendAll(early)).toEqual(earlyIds)
  await sendNew()

  const stored = await vi.waitFor(
    async () => {
      const records = await readTopic(system().brokers, system().topics.notifications)
      const outcomes = records
        .filter(({ headers }) => !headers.includes('claim:'))
        .map(({ value }) => JSON.parse(value) as Outcome)
      expect(outcomes.length).toBeGreaterThanOrEqual(sent.size + written)
      return outcomes
    },
    { timeout: 60_000 },
  )
  const ids = stored.map(({ eventId }) => eventId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(stored.filter(({ source }) => source.partition >= BEFORE)).toHaveLength(written)
  expect(ids.filter((id) => sent.has(id))).toHaveLength(sent.size)

  const third = await readOn(two, second.next)
  const read = [first, second, third].flatMap(({ eventIds }) => eventIds)
  expect(read.toSorted()).toEqual(ids.toSorted())
  for (const instance of processes()) {
    expect(await topicsCheck(instance)).toMatchObject({ status: 'pass' })
    expect(await metricsOf(instance)).toContain('checkout_topic_mismatch 0')
  }
}, 300_000)
