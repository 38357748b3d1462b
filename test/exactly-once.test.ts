import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type CheckoutKind, checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const CHECKOUTS = 100_000
const CLIENTS = 64
const KINDS: CheckoutKind[] = ['quick', 'slow', 'none', 'unverified']

let system: TestSystem

beforeAll(async () => {
  system = await startSystem({ brokers: inject('kafkaBrokers'), gateways: 1, processors: 2 })
})
afterAll(() => system.stop())

async function post(number: number): Promise<string> {
  const kind = KINDS[number % KINDS.length] ?? 'quick'
  const response = await fetch(`${system.gateways[0]?.url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `"purchase-${number}"` },
    body: JSON.stringify(checkoutOf(kind, number)),
  })
  const { eventId } = (await response.json()) as { eventId: string }
  expect(response.status).toBe(202)
  return eventId
}

test('every accepted checkout has exactly one outcome although a processor is killed twice on the way', {
  timeout: 400_000,
}, async () => {
  const accepted: string[] = []
  const victim = system.processors[0]
  let next = 0
  const client = async () => {
    while (next < CHECKOUTS) accepted.push(await post(next++))
  }
  const killAt = async (share: number) => {
    await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(share * CHECKOUTS), { timeout: 300_000 })
    await victim?.child.kill('SIGKILL')
    // Long enough for the other one to be given its partitions.
    await vi.waitFor(() => expect(accepted.length).toBeGreaterThan((share + 0.15) * CHECKOUTS), {
      timeout: 300_000,
    })
    victim?.child.start()
  }
  const faults = killAt(0.2).then(() => killAt(0.6))
  await Promise.all([faults, ...Array.from({ length: CLIENTS }, client)])
  await victim?.ready()

  const expected = new Set(accepted)
  expect(expected.size).toBe(CHECKOUTS)
  const outcomeOf = (id: string) => fetch(`${victim?.url}/checkout/${id}`, { headers: { prefer: 'wait=30' } })
  for (const id of accepted.slice(-200)) expect((await outcomeOf(id)).status).toBe(200)

  const outcomes = (await readTopic(system.brokers, system.topics.notifications)).filter(
    ({ key }) => key !== 'null',
  )
  const counts = new Map<string, number>()
  for (const { key } of outcomes) counts.set(key, (counts.get(key) ?? 0) + 1)
  expect(accepted.filter((id) => !counts.has(id))).toEqual([])
  expect([...counts].filter(([, count]) => count > 1)).toEqual([])
  expect(outcomes).toHaveLength(CHECKOUTS)
})
