import { beforeAll, expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { storeAsProduced } from './foreign-clients/store-as-produced.ts'
import { readTopic } from './read-topic.ts'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'
import { useSystem } from './use-system.ts'
import { writeTopic } from './write-topic.ts'

const system = useSystem({ processors: 1 })
beforeAll(() => storeAsProduced(system()))

const outcomes = async () => {
  const response = await fetch(
    `${system().processors[0]?.url}/notifications?kind=quick,slow,none,unverified,invalid&limit=1000`,
  )
  return ((await response.json()) as { items: Outcome[] }).items
}

test('records of another client, without headers and in any partition, are classified; garbage is a dead letter', async () => {
  const lines = [
    JSON.stringify(boughtQuickly),
    'not JSON at all',
    JSON.stringify(didNotBuy),
    JSON.stringify({ ...boughtQuickly, edad: 131, folio: 'nonsense' }),
    JSON.stringify({
      ...boughtQuickly,
      folio: 'AAA-0001',
      taps: '45',
      recorrido: [{ error: 51, segundos: '2700', etapa: ' pago' }],
    }),
  ]
  await writeTopic(system().brokers, system().topics.data, lines)

  const items = await vi.waitFor(
    async () => {
      const all = await outcomes()
      expect(all).toHaveLength(lines.length)
      return all
    },
    { timeout: 60_000 },
  )
  expect(items.map(({ kind }) => kind).toSorted()).toEqual(['invalid', 'invalid', 'none', 'quick', 'slow'])

  expect(items.find(({ kind }) => kind === 'slow')?.checkout).toEqual({
    ...boughtQuickly,
    folio: 'AAA-0001',
    taps: 45,
    recorrido: [{ etapa: 'pago', segundos: 2700, error: '51' }],
  })

  const letters = await vi.waitFor(
    async () => {
      const records = await readTopic(system().brokers, system().topics.deadLetter)
      expect(records).toHaveLength(2)
      return records
    },
    { timeout: 120_000 },
  )
  expect(letters.map(({ value }) => value).toSorted()).toEqual(
    lines.filter((_, i) => i === 1 || i === 3).toSorted(),
  )
  const reasons = letters.map(({ headers }) => headers).join('\n')
  expect(reasons).toContain('reason:not JSON')
  expect(reasons).toContain(
    'reason:invalid checkout: /edad (range) must be a whole number from 0 to 130; /folio (format) must be three capital letters, a dash and four digits',
  )
  expect(reasons).not.toContain('nonsense')
}, 200_000)

test('records of overlapping transactions that were aborted have no outcome', async () => {
  const { data } = system().topics
  const open = async (name: string) => {
    const options = { idempotent: true, maxInFlightRequests: 1, transactionalId: `${data}-${name}` }
    const producer = system().kafka.producer(options)
    await producer.connect()
    const transaction = await producer.transaction()
    const write = (checkout: object, key: Buffer | null = null) =>
      transaction.send({
        topic: data,
        messages: [{ key, partition: 0, value: JSON.stringify(checkout) }],
      })
    const abort = async () => {
      await transaction.abort()
      // Kafka refuses it until the marker of the transaction before is written.
      const next = await producer.transaction()
      await next.send({ topic: system().topics.followUp, messages: [{ partition: 0, value: null }] })
      await next.abort()
      await producer.disconnect()
    }
    return { write, abort }
  }
  const aborted = Array.from({ length: 4 }, (_, i) => checkoutOf('quick', i))
  const committed = checkoutOf('quick', 4)
  const [first, second] = [await open('first'), await open('second')]
  await first.write(aborted[0] ?? {})
  await second.write(aborted[1] ?? {}, Buffer.alloc(4))
  await second.write(aborted[2] ?? {})
  await second.abort()
  await first.write(aborted[3] ?? {})
  await first.abort()
  await system().produce((producer) =>
    producer.send({ topic: data, messages: [{ partition: 0, value: JSON.stringify(committed) }] }),
  )
  const ids = new Set([...aborted, committed].map(({ id }) => id))
  await vi.waitFor(
    async () => {
      const seen = (await outcomes()).flatMap(({ checkout }) => checkout?.id ?? [])
      expect(seen.filter((id) => ids.has(id))).toEqual([committed.id])
    },
    { timeout: 60_000 },
  )
}, 120_000)

test.concurrent.each(['gzip', 'snappy', 'lz4', 'zstd'])(
  'so are records that were sent compressed with %s',
  async (codec) => {
    const folio = `${codec.slice(0, 3).toUpperCase().replace(/\d/, 'X')}-0001`
    await writeTopic(
      system().brokers,
      system().topics.data,
      [JSON.stringify({ ...boughtQuickly, folio })],
      codec,
    )
    await vi.waitFor(
      async () => {
        const all = await outcomes()
        expect(all.filter(({ checkout }) => checkout?.folio === folio)).toHaveLength(1)
      },
      { timeout: 60_000 },
    )
  },
  120_000,
)

test('headers that kafkajs cannot send do not block their partition: null values, names of inherited members', async () => {
  const before = await outcomes()
  const names = ['a:NULL', 'constructor:x', '__proto__:x', 'toString:x,hasOwnProperty:NULL']
  const folios = names.map((_, i) => `HDR-000${i}`)
  const lines = names.flatMap((headers, i) => [
    `${headers}\tgarbage ${i}`,
    `${headers}\t${JSON.stringify({ ...boughtQuickly, folio: folios[i] })}`,
  ])
  await writeTopic(system().brokers, system().topics.data, lines, 'none', {
    'parse.headers': 'true',
    'null.marker': 'NULL',
  })
  await vi.waitFor(
    async () => {
      const items = (await outcomes()).slice(before.length)
      expect(items.filter(({ kind }) => kind === 'invalid')).toHaveLength(names.length)
      const bought = items.filter(({ kind }) => kind === 'quick').map(({ checkout }) => checkout?.folio)
      expect(new Set(bought)).toEqual(new Set(folios))
    },
    { timeout: 60_000 },
  )
}, 120_000)

test('records of another program in Notifications are skipped, and later checkouts have their outcomes', async () => {
  for (let round = 0; round < 3; round++) {
    const checkouts = Array.from({ length: 12 }, (_, i) => checkoutOf('quick', i))
    const junk = writeTopic(
      system().brokers,
      system().topics.notifications,
      Array.from({ length: 30 }, () => 'junk'),
    )
    await system().produce(async (producer) => {
      for (const checkout of checkouts) {
        await producer.send({ topic: system().topics.data, messages: [recordOf(checkout, 6)] })
      }
    })
    await junk
    const ids = checkouts.map(({ id }) => id)
    await vi.waitFor(
      async () => {
        const seen = (await outcomes()).flatMap(({ checkout }) => checkout?.id ?? [])
        expect(seen.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted())
      },
      { timeout: 60_000 },
    )
  }
}, 240_000)
