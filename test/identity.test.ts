import { sign } from 'hono/jwt'
import { expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

type Checkout = ReturnType<typeof checkoutOf>
type Headers = Record<string, string>

const keys = createTestKeys()
const store = keys.mint('web', ['write', 'read', 'personal'])
const system = useSystem({ gateways: 2, processors: 1, settings: { API_KEYS_FILE: keys.path } })

async function tokenOf({ id }: Checkout): Promise<Headers> {
  const exp = Math.floor(Date.now() / 1_000) + 600
  const claims = { iss: store.id, sub: id, scope: 'write read personal', exp }
  return { authorization: `Bearer ${await sign(claims, store.hash, 'HS256')}` }
}

interface Answer {
  status: number
  replayed: boolean
  body: { type?: string; eventId: string; results: { status: number; accepted?: { eventId: string } }[] }
}

async function send(gateway: number, path: string, body: unknown, headers: Headers): Promise<Answer> {
  const response = await fetch(`${system().gateways[gateway]?.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...store.headers, ...headers },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    replayed: response.headers.get('idempotent-replayed') === 'true',
    body: (await response.json()) as Answer['body'],
  }
}

const post = (gateway: number, checkout: Checkout, key: string, credential: Headers = {}) =>
  send(gateway, '/checkout', checkout, { 'idempotency-key': key, ...credential })
const postBatch = (gateway: number, records: unknown[], key: string) =>
  send(gateway, '/checkout/batch', records, { 'idempotency-key': key })
const idsOf = ({ body }: Answer) => body.results.map(({ accepted }) => accepted?.eventId)

async function restart(gateway: number): Promise<void> {
  const instance = system().gateways[gateway]
  await instance?.child.kill('SIGKILL')
  instance?.child.start()
  await instance?.ready()
}

/** All outcomes of a customer, after all previous checkouts have been decided. */
async function outcomesOf({ id }: Checkout): Promise<Outcome[]> {
  // The records of a partition are decided in order, so one more event in each lane is the last one.
  const last = [checkoutOf('quick', 9_999), checkoutOf('none', 0)].map((checkout) =>
    send(0, '/checkout', { ...checkout, id }, { prefer: 'wait=20' }),
  )
  const ends = await Promise.all(last)
  expect(ends.map(({ status }) => status)).toEqual([200, 200])
  const url = `${system().processors[0]?.url}/notifications?kind=quick,slow,none,unverified,invalid&customer=${id}`
  const response = await fetch(url, { headers: store.headers })
  const { items } = (await response.json()) as { items: Outcome[] }
  return items.filter(({ eventId }) => !ends.some(({ body }) => body.eventId === eventId))
}

test('a key that one customer used refuses no other customer, at any gateway, also after a restart', async () => {
  const [a, b] = [checkoutOf('quick', 1), checkoutOf('slow', 2)]
  const [tokenA, tokenB] = [await tokenOf(a), await tokenOf(b)]
  const first = { a: await post(0, a, 'order-1', tokenA), b: await post(0, b, 'order-1', tokenB) }
  expect([first.a, first.b]).toMatchObject([
    { status: 202, replayed: false },
    { status: 202, replayed: false },
  ])
  expect(first.a.body.eventId).not.toBe(first.b.body.eventId)
  expect((await post(0, b, 'order-1')).replayed).toBe(true)

  const elsewhere = [await post(1, b, 'order-1', tokenB), await post(1, a, 'order-1', tokenA)]
  await restart(0)
  const afterwards = [await post(0, b, 'order-1', tokenB), await post(0, a, 'order-1', tokenA)]
  for (const [ofB, ofA] of [elsewhere, afterwards]) {
    expect([ofB?.body.eventId, ofA?.body.eventId]).toEqual([first.b.body.eventId, first.a.body.eventId])
  }
  expect((await outcomesOf(a)).map(({ eventId, kind }) => [eventId, kind])).toEqual([
    [first.a.body.eventId, 'quick'],
  ])
  expect((await outcomesOf(b)).map(({ eventId, kind }) => [eventId, kind])).toEqual([
    [first.b.body.eventId, 'slow'],
  ])
})

test('one key of a customer is one purchase and one visit, in any order and after a restart', async () => {
  const purchase = checkoutOf('quick', 3)
  const visit = { ...purchase, taps: null, folio: null }
  const ids = async (gateway: number) =>
    [await post(gateway, visit, 'page-7'), await post(gateway, purchase, 'page-7')].map(
      ({ status, body }) => [status, body.eventId],
    )
  const first = await ids(0)
  expect(first.map(([status]) => status)).toEqual([202, 202])
  expect(await ids(1)).toEqual(first)
  await restart(1)
  expect(await ids(1)).toEqual(first)
  expect((await outcomesOf(purchase)).map(({ kind }) => kind).toSorted()).toEqual(['none', 'quick'])
})

test('one key of a customer for two purchases: 422 where it is remembered, a conflict where it is not', async () => {
  const first = checkoutOf('quick', 4)
  const second = { ...first, folio: 'SRZ-4444' }
  const { body } = await post(0, first, 'order-4')
  expect(await post(0, second, 'order-4')).toMatchObject({
    status: 422,
    body: { type: 'urn:problem-type:checkout:idempotency-key-reused' },
  })
  await restart(0)
  expect((await post(0, second, 'order-4')).status).toBe(202)
  expect((await outcomesOf(first)).map(({ eventId }) => eventId)).toEqual([body.eventId])
  const letters = (await readTopic(system().brokers, system().topics.deadLetter)).filter(
    ({ key }) => key === first.id,
  )
  expect(letters.map(({ headers }) => headers)).toEqual([
    expect.stringContaining('reason:idempotency-conflict'),
  ])
  expect(letters[0]?.value).toContain('SRZ-4444')
})

test('the remaining records of a batch, reordered and with others added, are the same events at any gateway', async () => {
  const [a, c, d] = [checkoutOf('quick', 5), checkoutOf('slow', 6), checkoutOf('quick', 7)]
  const faulty = { ...a, edad: 131 }
  const first = await postBatch(0, [a, faulty, c], 'batch-1')
  expect(first.body.results.map(({ status }) => status)).toEqual([202, 422, 202])
  const [idA, , idC] = idsOf(first)
  expect(idsOf(await postBatch(0, [a, c], 'batch-1'))).toEqual([idA, idC])
  expect(idsOf(await postBatch(1, [c, a], 'batch-1'))).toEqual([idC, idA])
  await restart(0)
  const inserted = idsOf(await postBatch(0, [d, a, c], 'batch-1'))
  expect(inserted.slice(1)).toEqual([idA, idC])
  for (const [checkout, id] of [
    [a, idA],
    [c, idC],
    [d, inserted[0]],
  ] as const) {
    expect((await outcomesOf(checkout)).map(({ eventId }) => eventId)).toEqual([id])
  }
})
