import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createTestRandom } from '../processor/testing/random.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 40_000, interval: 200 }
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const PARTITIONS = 6

const system = useSystem({ gateways: 1, processors: 2 })
const random = createTestRandom()

/** Sums by `<partition>/<hour>`, column and minute; without those that are 0. */
type Sums = Record<string, Record<string, Record<number, number>>>
const sent: Sums = {}

function expectOne(partition: number, kind: string, receivedAt: number) {
  const hour = `${system().topics.data}/${partition}/${new Date(receivedAt).toISOString().slice(0, 13)}`
  const column = kind === 'slow' ? 'slow' : kind === 'none' ? 'visits' : 'otherPurchases'
  const byMinute = ((sent[hour] ??= {})[column] ??= {})
  const minute = Math.floor(receivedAt / MINUTE_MS) % 60
  byMinute[minute] = (byMinute[minute] ?? 0) + 1
}

/** Checkouts of the last hours, some of them twice. */
async function sendSome(count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, number) => {
    const kind = random.oneOf('quick', 'slow', 'none', 'unverified')
    const receivedAt = Date.now() - random.below(3 * HOUR_MS)
    const record = recordOf(checkoutOf(kind, number), PARTITIONS)
    expectOne(record.partition ?? 0, kind, receivedAt)
    return { ...record, headers: { ...record.headers, 'received-at': new Date(receivedAt).toISOString() } }
  })
  const repeated = records.filter(() => random.chance(0.1))
  await system().produce(async (producer) => {
    await producer.send({ topic: system().topics.data, messages: [...records, ...repeated] })
  })
  const { url } = system().gateways[0]!
  for (const { eventId } of records)
    await vi.waitFor(async () => expect((await fetch(`${url}/checkout/${eventId}`)).status).toBe(200), SOON)
}

/** The last record of each hour that the topic has. */
async function written(): Promise<Sums> {
  const sums: Sums = {}
  for (const { key, value } of await readTopic(system().brokers, system().topics.history)) {
    if (!/\/\d+\/[^/]+$/.test(key)) continue
    const { sums: columns } = JSON.parse(value) as { sums: Record<string, number[]> }
    const { lagMs: _, longestLagMs: __, watched: ___, ...counts } = columns
    const hour: Sums[string] = {}
    for (const [column, values] of Object.entries(counts)) {
      const filled = values.entries().filter(([, count]) => count > 0)
      hour[column] = Object.fromEntries(filled)
    }
    if (Object.keys(hour).length > 0) sums[key] = hour
  }
  return sums
}

test('the sums are those of what was sent, once each, whatever happens to the processors', async () => {
  await sendSome(150)
  const [first, second] = system().processors
  await first!.child.kill('SIGKILL')
  rmSync(join(system().folder, 'processor-1'), { recursive: true })
  await sendSome(150)
  first!.child.start()
  await first!.ready()
  await second!.child.kill('SIGTERM')
  await sendSome(150)
  await first!.child.kill('SIGTERM')
  expect(await written()).toEqual(sent)
}, 120_000)
