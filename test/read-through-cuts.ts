import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import type { ClassifiedKind, Outcome } from '../backbone/records/outcome.ts'
import { createSeededRandom } from '../loadgen/shoppers/seeded-random.ts'
import { checkoutOf, lastOfEachPartition, recordOf } from './checkouts.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import type { OpenClient } from './event-source-clients.ts'
import { type Instance, startSystem, type TestSystem } from './test-system.ts'

const PARTITIONS = 6
const PATIENCE = { timeout: 60_000, interval: 50 }
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`TEST_SEED=${seed}`)
const generator = createSeededRandom()
generator.seed(seed)
const below = (limit: number) => Math.floor(generator.next() * limit)

type Proxy = Awaited<ReturnType<typeof startCuttingProxy>>

interface Reader {
  name: string
  isFiltered: boolean
  proxy: Proxy
  seen: string[]
  faults: unknown[]
  close: () => unknown
}

let system: TestSystem
let readers: Reader[] = []
const expected = { all: new Set<string>(), filtered: new Set<string>() }

function openReader(name: string, isFiltered: boolean, open: OpenClient, proxy: Proxy): Reader {
  const seen: string[] = []
  const faults: unknown[] = []
  const query = isFiltered ? '?kind=unverified' : ''
  const close = open(`${proxy.url}/notifications/stream${query}`, (event, data) => {
    try {
      const outcome = JSON.parse(data) as Outcome
      if (event === 'notification') seen.push(outcome.eventId)
    } catch (error) {
      faults.push(error)
      throw error
    }
  })
  return { name, isFiltered, proxy, seen, faults, close }
}

/** Writes to Kafka, and waits until both processors have the outcomes: one that a stream then lacks was lost by it. */
async function classify(kinds: ClassifiedKind[]): Promise<void> {
  const records = kinds.map((kind, i) => recordOf(checkoutOf(kind, i), PARTITIONS))
  for (const [i, kind] of kinds.entries()) {
    const { eventId = '' } = records[i] ?? {}
    if (kind === 'quick' || kind === 'slow') expected.all.add(eventId)
    if (kind === 'unverified') expected.filtered.add(eventId)
  }
  await system.produce(async (producer) => {
    await producer.send({ topic: system.topics.data, messages: records })
  })
  const follows = async ({ url }: Instance) => {
    for (const { eventId } of lastOfEachPartition(records)) {
      const response = await fetch(`${url}/checkout/${eventId}`, { headers: { prefer: 'wait=30' } })
      expect(response.status).toBe(200)
    }
  }
  await Promise.all(system.processors.map(follows))
}

/** Waits until each has its number of notifications, and asserts that each expected one arrived once. */
async function expectAllOnce() {
  await vi.waitFor(() => {
    for (const { name, isFiltered, seen } of readers) {
      const { size } = expected[isFiltered ? 'filtered' : 'all']
      expect(seen.length, `${name}, filtered: ${isFiltered}`).toBeGreaterThanOrEqual(size)
    }
  }, PATIENCE)
  for (const { name, isFiltered, seen, faults } of readers) {
    const wanted = expected[isFiltered ? 'filtered' : 'all']
    expect(seen.toSorted(), `${name}, filtered: ${isFiltered}`).toEqual([...wanted].toSorted())
    expect(faults, `${name}: faults of its handler`).toEqual([])
  }
}

const everywhere = (holds: (reader: Reader, index: number) => boolean, what: string) =>
  vi.waitFor(() => {
    const missing = readers.filter((reader, i) => !holds(reader, i)).map(({ name }) => name)
    expect(missing, what).toEqual([])
  }, PATIENCE)

/** Ends all streams, does something while no client is connected, and lets all resume, each from its last position. */
async function whileAllAreAway(work: () => Promise<void>) {
  for (const { proxy } of readers) proxy.endAndHold()
  const positions = readers.map(({ proxy }) => proxy.sent.at(-1)?.id)
  await work()
  for (const { proxy } of readers) proxy.release()
  await everywhere(({ proxy }) => proxy.isOpen(), 'came back')
  for (const [i, { name, proxy }] of readers.entries()) {
    expect(proxy.requested.at(-1), `${name}: the position from which it resumed`).toBe(positions[i])
  }
}

async function cutAtRandom() {
  for (const { proxy } of readers) {
    const cuts = (['break', 'reset', 'end'] as const).map((how) => ({
      afterBytes: 1_000 + below(9_000),
      how,
    }))
    proxy.cutNext(...cuts)
    proxy.endAndHold()
    proxy.release()
  }
  const kinds = Array.from({ length: 50 }, () => ['quick', 'unverified', 'slow', 'none'] as const).flat()
  for (let from = 0; from < kinds.length; from += 40) await classify(kinds.slice(from, from + 40))
  await everywhere(({ proxy }) => proxy.cutsLeft() === 0, 'was cut three times')
}

/** Until each has received a checkpoint. */
async function expectCheckpoints(work = () => Promise.resolve()) {
  const before = readers.map(({ proxy }) => proxy.sent.length)
  await work()
  await everywhere(
    ({ proxy }, i) => proxy.sent.slice(before[i]).some(({ event }) => event === 'checkpoint'),
    'was sent a checkpoint',
  )
}

/**
 * Every client reads two streams from now on, one of them filtered, each through its own proxy, and must get
 * every notification once.
 */
export function testClients(clients: Record<string, OpenClient>): void {
  beforeAll(async () => {
    // Some clients write there at each lost connection.
    vi.spyOn(console, 'error').mockImplementation(() => {})
    system = await startSystem({ brokers: inject('kafkaBrokers'), processors: 2, gateways: 1 })
    const target = () => system.gateways[0]?.url ?? ''
    const filters = [false, true]
    readers = await Promise.all(
      Object.entries(clients).flatMap(([name, open]) =>
        filters.map(async (isFiltered) =>
          openReader(name, isFiltered, open, await startCuttingProxy(target)),
        ),
      ),
    )
  })

  afterAll(async () => {
    await Promise.all(readers.map(({ close }) => close()))
    for (const { proxy } of readers) proxy.close()
    await system.stop()
  })

  test('each client gets every notification once, through cuts, a killed gateway, filters and idle times', async () => {
    await everywhere(({ proxy }) => proxy.sent.length > 0, 'began')
    // Before the first notification.
    await whileAllAreAway(() => classify(['quick', 'unverified', 'slow', 'none', 'quick', 'unverified']))
    await expectAllOnce()

    const [gateway] = system.gateways
    await gateway?.child.kill('SIGKILL')
    await classify(['quick', 'unverified', 'quick', 'slow', 'slow', 'unverified'])
    gateway?.child.start()
    await expectAllOnce()

    await cutAtRandom()
    await expectAllOnce()

    // Filtered out on all streams, then nothing for 15 s.
    await expectCheckpoints(() => classify(Array.from({ length: 1_100 }, () => 'none')))
    await expectCheckpoints()
    await whileAllAreAway(() => classify(['quick', 'unverified']))
    await expectAllOnce()

    for (const { name, proxy } of readers) {
      const [first, ...later] = proxy.requested
      expect(first).toBeUndefined()
      const sent = new Set(proxy.sent.map(({ id }) => id))
      expect(
        later.filter((position) => position === undefined || !sent.has(position)),
        `${name}: positions that it was never sent`,
      ).toEqual([])
    }
  }, 240_000)
}
