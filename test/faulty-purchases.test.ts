import { describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { homePartition } from '../backbone/records/partition.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'
import { writeTopic } from './write-topic.ts'

const system = useSystem({ processors: 1, gateways: 1 })

const EMAIL = 'María José.Díaz@mail.com'
const emailFault = { pointer: '/email', code: 'format', detail: 'must be an e-mail address' }

async function outcomesOf(customer: string, count: number): Promise<Outcome[]> {
  const query = `kind=quick,slow,none,unverified&customer=${customer}`
  return vi.waitFor(
    async () => {
      const response = await fetch(`${system().gateways[0]?.url}/notifications?${query}`)
      const { items } = (await response.json()) as { items: Outcome[] }
      expect(items).toHaveLength(count)
      return items
    },
    { timeout: 20_000 },
  )
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${system().gateways[0]?.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** Read by another client. */
const recordsOf = (topic: string, customer: string, count: number) =>
  vi.waitFor(
    async () => {
      const records = await readTopic(system().brokers, topic)
      const found = records.filter(({ value }) => value.includes(customer))
      expect(found).toHaveLength(count)
      return found
    },
    { timeout: 120_000 },
  )

/** The ends of the dead-letter partitions: a letter and the end of its transaction advance them. */
async function deadLetterEnds(): Promise<string[]> {
  const admin = system().kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(system().topics.deadLetter)
  await admin.disconnect()
  return offsets.map(({ high }) => high)
}

/** Written like another program: to the given partition, with these headers only. */
const produce = (value: object, partition: number, headers = {}) =>
  system().produce(async (producer) => {
    const message = { value: JSON.stringify(value), partition, headers }
    await producer.send({ topic: system().topics.data, messages: [message] })
  })

describe('a purchase whose other fields have faults', () => {
  test('is unverified when another program has written it, is followed up, and is no dead letter', async () => {
    const purchase = {
      ...checkoutOf('quick', 1),
      email: EMAIL,
      edad: 'treinta',
      telefono: 709768740232,
      recorrido: [{ etapa: 'pago', segundos: 1_068, error: '51' }],
      extra: 1,
    }
    await writeTopic(system().brokers, system().topics.data, [JSON.stringify(purchase)])
    const { extra: _, ...kept } = purchase
    const [outcome] = await outcomesOf(purchase.id, 1)
    expect(outcome).toMatchObject({
      kind: 'unverified',
      message: null,
      checkout: kept,
      faults: [
        { pointer: '/edad', code: 'type', detail: 'must be a whole number from 0 to 130' },
        emailFault,
        { pointer: '/telefono', code: 'type', detail: 'must be text' },
      ],
    })
    const followedUp = await recordsOf(system().topics.followUp, purchase.id, 1)
    expect(followedUp.map(({ value }) => JSON.parse(value))).toEqual([outcome])
    expect(await deadLetterEnds()).toEqual(['0', '0', '0'])
  }, 180_000)

  test('is accepted leniently over HTTP as one event, however often it is sent, also by another program', async () => {
    const purchase = { ...checkoutOf('slow', 2), email: EMAIL }
    const strict = await post('/checkout', purchase)
    expect([strict.status, await strict.json()]).toEqual([
      422,
      expect.objectContaining({ errors: [emailFault] }),
    ])

    const prefer = { prefer: 'handling=lenient, wait=20' }
    const first = await post('/checkout', purchase, prefer)
    expect([first.status, first.headers.get('preference-applied')]).toEqual([
      200,
      'handling=lenient, wait=20',
    ])
    const { eventId, faults, outcome } = (await first.json()) as Record<string, unknown> & {
      outcome: Outcome
    }
    expect(faults).toEqual([emailFault])
    expect(outcome).toMatchObject({ eventId, kind: 'unverified', message: null, checkout: purchase, faults })

    const again = await post('/checkout', { ...purchase, edad: ` ${purchase.edad}` }, prefer)
    expect(await again.json()).toMatchObject({ eventId })
    const batch = await post('/checkout/batch', [purchase], { prefer: 'handling=lenient' })
    expect(await batch.json()).toMatchObject({ results: [{ status: 202, accepted: { eventId, faults } }] })
    const home = homePartition(purchase.id, 'purchase', 6)
    await produce(purchase, home)
    // A later event of the same partition proves that all earlier ones have been decided.
    await produce({ ...purchase, folio: 'ZZZ-0001' }, home)
    expect((await outcomesOf(purchase.id, 2)).map((item) => item.eventId)[0]).toBe(eventId)
    await recordsOf(system().topics.followUp, purchase.id, 2)
    expect(await deadLetterEnds()).toEqual(['0', '0', '0'])
  }, 180_000)

  test('is a dead letter with every fault, and no value, when it proves no purchase', async () => {
    const visit = { ...checkoutOf('none', 3), email: EMAIL, taps: -1 }
    await writeTopic(system().brokers, system().topics.data, [JSON.stringify(visit)])
    const [letter] = await recordsOf(system().topics.deadLetter, visit.id, 1)
    expect(letter?.headers).toContain(
      'reason:invalid checkout: /email (format) must be an e-mail address; /taps (range) must be a number of minutes, 0 or more',
    )
  }, 180_000)
})

test('one purchase is one event whether its letters are composed or not, over HTTP and straight to Kafka', async () => {
  const purchase = { ...checkoutOf('quick', 4), nombre: 'María', productovisto: 'Lámpara' }
  const decomposed = { ...purchase, nombre: 'Mari\u0301a\u200d', productovisto: '\u202eLa\u0301mpara' }
  const ids = []
  for (const body of [purchase, decomposed]) {
    ids.push(((await (await post('/checkout', body)).json()) as { eventId: string }).eventId)
  }
  expect(ids[1]).toBe(ids[0])
  const home = homePartition(purchase.id, 'purchase', 6)
  await produce(decomposed, home)
  await produce({ ...decomposed, folio: 'ZZZ-0002' }, home)
  const [first, second] = await outcomesOf(purchase.id, 2)
  expect(first?.eventId).toBe(ids[0])
  expect(second?.message).toContain('Estimad@ María,\n\n')
  expect(second?.message).toContain("el producto 'Lámpara' en")
})

test('taps beyond LONGEST_PLAUSIBLE_MINUTES are unverified', async () => {
  const purchase = { ...checkoutOf('slow', 5), taps: 10_080.5 }
  expect((await post('/checkout', purchase)).status).toBe(202)
  const [outcome] = await outcomesOf(purchase.id, 1)
  expect(outcome).toMatchObject({ kind: 'unverified', message: null })
})

test('a received-at that is no RFC 3339 time with a zone does not count', async () => {
  const startedAt = Date.now()
  const purchase = checkoutOf('quick', 6)
  const given = ['12', '2026-11-26T11:59:59', '2026-11-26', '2026-11-26T08:59:59-03:00']
  for (const [n, receivedAt] of given.entries()) {
    const folio = `RCV-000${n}`
    await produce({ ...purchase, folio }, n, { 'received-at': receivedAt })
  }
  const items = await outcomesOf(purchase.id, given.length)
  const byFolio = new Map(items.map(({ checkout, receivedAt }) => [checkout?.folio, receivedAt]))
  for (let n = 0; n < 3; n++) {
    const received = Date.parse(byFolio.get(`RCV-000${n}`) ?? '')
    expect(received).toBeGreaterThanOrEqual(startedAt)
    expect(received).toBeLessThanOrEqual(Date.now())
  }
  expect(byFolio.get('RCV-0003')).toBe('2026-11-26T11:59:59.000Z')
})
