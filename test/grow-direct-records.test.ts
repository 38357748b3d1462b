import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { canonicalCheckout } from '../backbone/records/checkout.ts'
import type { DeadLetter } from '../backbone/records/dead-letter.ts'
import { conflictIdOf, eventIdOfBody, idOutsideHome } from '../backbone/records/event-id.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { homePartition } from '../backbone/records/partition.ts'
import type { Timeline } from '../backbone/timeline/timeline.ts'
import { readHomes } from '../deploy/sites/read-homes.ts'
import { checkoutOf } from './checkouts.ts'
import { spreadOver, startPartitionsCommand } from './partitions-command.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const BEFORE = 6
const AFTER = 9
const SOON = { timeout: 30_000, interval: 100 }
const system = useSystem({ processors: 1, gateways: 1 })
const gateway = () => system().gateways[0]?.url ?? ''

const homeOf = (customer: string, partitions: number) => homePartition(customer, 'purchase', partitions)

/** Purchases of a customer who moves: without an event id, these records are written to the new home. */
function movingCustomer() {
  for (;;) {
    const id = randomBytes(12).toString('hex')
    if (homeOf(id, BEFORE) !== homeOf(id, AFTER)) return { id, home: homeOf(id, AFTER) }
  }
}
const { id: customer, home } = movingCustomer()
const purchase = (number: number) => ({ ...checkoutOf('quick', number), id: customer })
const idOf = (checkout: ReturnType<typeof purchase>) => eventIdOfBody(canonicalCheckout(checkout))

/** As another program does. Resolves with the offset of the first one. */
const write = (checkouts: object[], headers: Record<string, string> = {}): Promise<number> =>
  system().produce(async (producer) => {
    const messages = checkouts.map((checkout) => ({
      partition: home,
      value: JSON.stringify(checkout),
      headers,
    }))
    const [stored] = await producer.send({ topic: system().topics.data, messages })
    return Number(stored?.baseOffset)
  })

async function outcomesOf(checkout: ReturnType<typeof purchase>): Promise<string[]> {
  const records = await readTopic(system().brokers, system().topics.notifications)
  return records
    .filter(({ headers }) => !headers.includes('claim:'))
    .map(({ value }) => JSON.parse(value) as Outcome)
    .filter((outcome) => outcome.checkout?.folio === checkout.folio)
    .map(({ eventId }) => eventId)
}

const classified = (checkout: ReturnType<typeof purchase>, eventId: string) =>
  vi.waitFor(async () => expect(await outcomesOf(checkout)).toEqual([eventId]), SOON)

async function repetitionsOf(eventId: string): Promise<unknown[]> {
  const response = await fetch(`${gateway()}/checkouts/${eventId}/timeline`, {
    headers: { prefer: 'wait=20' },
  })
  const { steps } = (await response.json()) as Timeline
  return steps.filter(({ what }) => what === 'repeated').map(({ where }) => where.offset)
}

test('a record outside its home is no new event once it is at home, also where it is read again', async () => {
  const before = purchase(1)
  // The second one has no outcome: the owner reads it again when it claims the partition for the change.
  const first = await write([before, before])
  const eventId = idOutsideHome(idOf(before), home)
  await classified(before, eventId)
  await spreadOver(AFTER, gateway())

  const after = purchase(2)
  const next = await write([after, after])
  await classified(after, idOf(after))
  expect(await outcomesOf(before)).toEqual([eventId])
  expect(await repetitionsOf(eventId)).toEqual([first + 1])
  expect(await repetitionsOf(idOf(after))).toEqual([next + 1])
}, 180_000)

test('a dead letter of a record without an event id has the id of its outcome, without a restart', async () => {
  const checkout = purchase(3)
  const other = purchase(4)
  await write([other], { 'event-id': idOf(checkout) })
  const offset = await write([checkout])
  const letter = await vi.waitFor(async () => {
    const response = await fetch(`${gateway()}/dead-letters?limit=1000`)
    const { items } = (await response.json()) as { items: DeadLetter[] }
    const found = items.find(({ source }) => source?.partition === home && source.offset === offset)
    if (!found) throw new Error('not there yet')
    return found
  }, SOON)
  expect(letter).toMatchObject({
    id: conflictIdOf(idOf(checkout), offset),
    reason: 'idempotency-conflict',
  })
})

test('a comparison of two sites reads the layout in force', async () => {
  const { brokers, topics } = system()
  const settings = {
    KAFKA_BROKERS: brokers,
    KAFKA_TLS: false,
    KAFKA_SASL_PLAIN_WITHOUT_TLS: false,
    DATA_TOPIC: topics.data,
    LAYOUT_TOPIC: topics.layout,
    PARTITIONS: BEFORE,
  }
  const log = pino({ level: 'silent' })
  expect(await readHomes(settings, log)).toEqual([BEFORE, AFTER])
  expect(await readHomes({ ...settings, LAYOUT_TOPIC: `${topics.layout}-missing` }, log)).toEqual([BEFORE])
})

test('right after a start, the command waits for owners', async () => {
  const [processor] = system().processors
  await processor?.child.kill('SIGTERM')
  const { child, output } = startPartitionsCommand(12, gateway())
  await vi.waitFor(() => expect(output()).toContain('not yet, trying again: '), SOON)
  processor?.child.start()
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code, output()).toBe(0)
  expect(output()).toContain('customers are spread over 12 partitions')
}, 180_000)
