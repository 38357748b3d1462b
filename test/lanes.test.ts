import { expect, test } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { awaitNoLag } from './faults/system/await-quiet.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const PARTITIONS = 6
const EACH_LANE = 30_000
// In each partition of visits, one or two transactions are in progress before the lag of purchases is noticed, on a busy
// machine three. Without lanes it would be half of them.
const MOST_OVERTAKING = EACH_LANE * 0.4

const system = useSystem({
  processors: 1,
  settings: { PARTITIONS: String(PARTITIONS), BROWSE_WAIT_MS: '600000' },
})

test('after an outage purchases are classified first, and visits are not lost', async () => {
  const began = Date.now()
  const processor = system().processors[0]
  await processor?.child.kill('SIGTERM')
  await system().produce(async (producer) => {
    for (let sent = 0; sent < EACH_LANE; sent += 1_000) {
      const messages = Array.from({ length: 1_000 }, (_, n) => [
        recordOf(checkoutOf('none', sent + n), PARTITIONS),
        recordOf(checkoutOf('quick', sent + n), PARTITIONS),
      ]).flat()
      await producer.send({ topic: system().topics.data, acks: -1, messages })
    }
  })
  processor?.child.start()

  const admin = system().kafka.admin()
  await admin.connect()
  expect(await awaitNoLag(admin, system().groupId, system().topics.data, 60_000)).toBeDefined()
  await admin.disconnect()
  const outcomes = (await readTopic(system().brokers, system().topics.notifications))
    .filter(({ value }) => value !== 'null')
    .map(({ value }) => JSON.parse(value) as Outcome)
    // Not those of an attempt before.
    .filter(({ classifiedAt }) => Date.parse(classifiedAt) >= began)
  const timesOf = (kind: string) =>
    outcomes.filter((outcome) => outcome.kind === kind).map(({ classifiedAt }) => Date.parse(classifiedAt))
  const [buyers, visits] = [timesOf('quick'), timesOf('none')]
  expect([buyers.length, visits.length]).toEqual([EACH_LANE, EACH_LANE])
  const lastBuyer = Math.max(...buyers)
  expect(visits.filter((at) => at < lastBuyer).length).toBeLessThan(MOST_OVERTAKING)
}, 120_000)
