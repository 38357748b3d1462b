import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import type { Instance } from './test-system.ts'
import { useSystem } from './use-system.ts'

const PARTITIONS = [0, 1, 2, 3, 4, 5]
const rising = (numbers: number[]) => numbers.toSorted((a, b) => a - b)

const system = useSystem({ gateways: 1, processors: 1, classifiers: 2 })

const checkouts = Array.from({ length: 400 }, (_, i) => checkoutOf(i % 2 === 0 ? 'quick' : 'none', i))

/** Sends some of the checkouts, each always with the same key, and returns their event ids. */
async function accept(from: number, to: number): Promise<string[]> {
  const answers = await Promise.all(
    checkouts.slice(from, to).map((checkout, i) =>
      fetch(`${system().gateways[0]?.url}/checkout`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `classified-${from + i}` },
        body: JSON.stringify(checkout),
      }),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  return Promise.all(answers.map(async (answer) => ((await answer.json()) as { eventId: string }).eventId))
}

/** By event, as another client reads them. */
async function outcomesByEvent(): Promise<Map<string, Outcome[]>> {
  const records = await readTopic(system().brokers, system().topics.notifications)
  const outcomes = records
    .filter(({ value }) => value !== 'null')
    .map(({ value }) => JSON.parse(value) as Outcome)
  return Map.groupBy(outcomes, ({ eventId }) => eventId)
}

/** The gateway asks a processor that serves results. */
const classified = (eventIds: string[]) =>
  vi.waitFor(
    async () => {
      for (const eventId of eventIds) {
        const answer = await fetch(`${system().gateways[0]?.url}/checkout/${eventId}`)
        expect(await answer.json()).toMatchObject({ status: 'classified', outcome: { eventId } })
      }
    },
    { timeout: 25_000, interval: 250 },
  )

async function ownedBy({ url }: Instance): Promise<number[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Array.from(metrics.matchAll(/^checkout_consumer_lag_records\{partition="(\d+)"\}/gm), ([, p]) =>
    Number(p),
  )
}

const partitionsInView = (name: string): number[] => {
  const file = new DatabaseSync(join(system().folder, name, 'view.db'), { readOnly: true })
  try {
    const rows = file.prepare(`SELECT DISTINCT position / ${2 ** 42} AS partition FROM blocks`).all()
    return rows.map(({ partition }) => Number(partition))
  } finally {
    file.close()
  }
}

test('members that only classify share the partitions, follow no more than those, and serve nothing', async () => {
  const events = await accept(0, 120)
  await classified(events)
  const outcomes = await outcomesByEvent()
  expect(events.map((eventId) => outcomes.get(eventId)?.length)).toEqual(events.map(() => 1))

  const pool = [...system().processors, ...system().classifiers]
  const owned = await Promise.all(pool.map(ownedBy))
  expect(rising(owned.flat())).toEqual(PARTITIONS)
  const own = owned[1] ?? []
  expect(own).toHaveLength(2)
  await vi.waitFor(() => expect(rising(partitionsInView('classifier-1'))).toEqual(rising(own)))
  expect(rising(partitionsInView('processor-1'))).toEqual(PARTITIONS)

  for (const path of ['/notifications', '/notifications/stream', `/checkout/${events[0]}`]) {
    const answer = await fetch(`${system().classifiers[0]?.url}${path}`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      type: expect.stringContaining('results-unavailable'),
      detail: 'this processor only classifies (SERVE_RESULTS)',
    })
  }
})

test('a successor of a killed processor knows what that one had classified', async () => {
  const before = await accept(200, 260)
  await classified(before)
  const [killed, ...spared] = system().classifiers
  const others = [...system().processors, ...spared]
  const ownedBefore = await Promise.all(others.map(ownedBy))
  await killed?.child.kill('SIGKILL')
  const again = await accept(200, 260)
  const after = await accept(260, 320)
  expect(again).toEqual(before)
  await classified(after)
  // Members keep their partitions: an owner already knows the outcomes and need not read the log.
  for (const [i, owned] of (await Promise.all(others.map(ownedBy))).entries())
    expect(owned).toEqual(expect.arrayContaining(ownedBefore[i] ?? []))

  // The same checkouts from a program without the gateway's window.
  const records = (await readTopic(system().brokers, system().topics.data)).filter(({ headers }) =>
    before.some((eventId) => headers.includes(eventId)),
  )
  expect(records.length).toBeGreaterThanOrEqual(before.length)
  await system().produce(async (producer) => {
    const messages = records.map(({ partition, key, value, headers }) => {
      const [, eventId = ''] = /event-id:(\w+)/.exec(headers) ?? []
      return { partition, key, value, headers: { 'event-id': eventId } }
    })
    await producer.send({ topic: system().topics.data, acks: -1, messages })
  })
  // A later outcome in each partition proves that they have been processed.
  await classified(await accept(320, 380))
  const outcomes = await outcomesByEvent()
  expect(before.map((eventId) => outcomes.get(eventId)?.length)).toEqual(before.map(() => 1))
})
