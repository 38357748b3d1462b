import { expect, test } from 'vitest'
import { signToken } from '../../backbone/access/signed-token.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import type { DeliveryReport } from '../../backbone/timeline/deliveries.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { createTestApp } from '../testing/apps.ts'
import { readFrames } from '../testing/frames.ts'
import { createTestReadModels, follow } from '../testing/read-models.ts'
import { createDeliveryMemory } from './delivery-memory.ts'

const readModels = createTestReadModels()
const CUSTOMER = 'a'.repeat(24)
const EVENT = 'event-1-4'
const classify = (readModel: ReadModel, log?: string) =>
  follow(readModel, 1, [4], () => ({ eventId: EVENT, owner: 'web', customer: CUSTOMER }), log)

/** A member with keys for an operator, a shop and its customer. */
async function openMember(deliveries?: Parameters<typeof createTestApp>[2]) {
  const readModel = readModels.open()
  const keys = createTestKeys()
  const operator = keys.mint('web', ['operate', 'read', 'personal'])
  const shop = keys.mint('web', ['read'])
  const stranger = keys.mint('other', ['operate', 'read'])
  const grant = {
    scopes: new Set(['read'] as const),
    customer: CUSTOMER,
    expiresAt: Math.floor(Date.now() / 1_000) + 600,
  }
  const customer = { headers: { authorization: `Bearer ${await signToken(shop.id, shop.hash, grant)}` } }
  const app = createTestApp(readModel, keys.open().access, deliveries)

  async function report(who = operator, eventId = EVENT): Promise<DeliveryReport> {
    const response = await app.get(`/checkouts/${eventId}/deliveries`, { headers: who.headers })
    expect(response.status).toBe(200)
    return (await response.json()) as DeliveryReport
  }
  const told = async () => (await report()).deliveries.map(({ what, to }) => `${what} ${to}`)
  const read = async (path: string, { headers }: { headers: Record<string, string> }, method = 'GET') => {
    const response = await app.get(path, { headers, method })
    expect(response.status).toBe(200)
    await response.text()
  }
  /** Reads a stream until the outcome is there. */
  async function streamed(query: string, { headers }: { headers: Record<string, string> }) {
    const frames = readFrames(await app.get(`/notifications/stream?from=earliest${query}`, { headers }))
    await frames.events(1)
    await frames.cancel()
  }
  return { ...app, readModel, operator, shop, stranger, customer, report, told, read, streamed }
}

const BY_CUSTOMER = `customer=${CUSTOMER}`

test.each([
  ['an answer', `/checkout/${EVENT}`, 'customer', ['read customer']],
  ['an answer', `/checkout/${EVENT}`, 'shop', ['read for-customer']],
  ['an answer', `/checkout/${EVENT}`, 'operator', ['read reader']],
  ['a page', '/notifications', 'customer', ['read customer']],
  ['a page', '/notifications?order=desc', 'customer', ['read customer']],
  ['a page of one customer', `/notifications?${BY_CUSTOMER}`, 'shop', ['read for-customer']],
  ['a page of all', '/notifications', 'shop', ['read reader']],
  ['a page without it', '/notifications?kind=slow', 'shop', []],
  ['a search', `/checkouts?${BY_CUSTOMER}`, 'customer', ['read customer']],
  ['a search', `/checkouts?${BY_CUSTOMER}`, 'shop', []],
  ['an export', '/notifications/export', 'customer', ['read customer']],
  ['an export', '/notifications/export', 'shop', []],
  ['a timeline', `/checkouts/${EVENT}/timeline`, 'operator', []],
] as const)('%s, %s to the %s: %j', async (_, path, who, expected) => {
  const member = await openMember()
  await classify(member.readModel)
  await member.read(path, member[who], 'HEAD')
  expect(await member.told()).toEqual([])
  await member.read(path, member[who])
  expect(await member.told()).toEqual(expected)
})

test.each([
  ['', 'customer', ['streamed customer']],
  [`&${BY_CUSTOMER}`, 'shop', ['streamed for-customer']],
  ['', 'shop', ['streamed reader']],
  [`&${BY_CUSTOMER}`, 'operator', ['streamed reader']],
] as const)('a stream with %j of the %s: %j', async (query, who, expected) => {
  const member = await openMember()
  await classify(member.readModel)
  await member.streamed(query, member[who])
  expect(await member.told()).toEqual(expected)
})

test('recipients who share the frames of a stream are told apart', async () => {
  const member = await openMember()
  await classify(member.readModel)
  await member.streamed(`&${BY_CUSTOMER}`, member.shop)
  await member.streamed('', member.customer)
  expect((await member.told()).toSorted()).toEqual(['streamed customer', 'streamed for-customer'])
})

test('what a stream has not taken is not sent', async () => {
  const member = await openMember()
  await classify(member.readModel)
  const frames = readFrames(await member.get('/notifications/stream?from=earliest', member.customer))
  await frames.next()
  expect(await member.told()).toEqual([])
  await frames.next()
  expect(await member.told()).toEqual(['streamed customer'])
  await frames.cancel()
})

test('has the first time, and since when all are remembered', async () => {
  let now = Date.UTC(2026, 10, 29, 15)
  const readModel = readModels.open()
  const deliveries = createDeliveryMemory({ process: 'processor-1', readModel, now: () => now })
  const { get } = createTestApp(readModel, undefined, { deliveries })
  await classify(readModel)
  for (const _ of [1, 2]) {
    now += 1_000
    await (await get(`/checkout/${EVENT}`)).text()
  }
  expect(await (await get(`/checkouts/${EVENT}/deliveries`)).json()).toEqual({
    process: 'processor-1',
    since: { customers: '2026-11-29T15:00:00.000Z', readers: '2026-11-29T15:00:00.000Z' },
    deliveries: [{ what: 'read', at: '2026-11-29T15:00:01.000Z', to: 'for-customer' }],
  })
})

test('readers of all outcomes do not make it forget customers', async () => {
  let now = 0
  const readModel = readModels.open()
  const most = { customers: 2, readers: 2 }
  const memory = createDeliveryMemory({ process: 'p', readModel, most, now: () => now++ })
  memory.sent([1], 'streamed', 'customer')
  memory.sent([1, 2, 3, 4], 'streamed', 'reader')
  const { since, deliveries } = memory.reportOf(1)
  expect(deliveries.map(({ to }) => to)).toEqual(['customer'])
  expect(Date.parse(since.customers)).toBeLessThan(Date.parse(since.readers))
})

test('a recreated topic has other outcomes at the same positions', async () => {
  const member = await openMember()
  await classify(member.readModel)
  await member.read(`/checkout/${EVENT}`, member.customer)
  expect(await member.told()).toEqual(['read customer'])
  member.readModel.forget(1)
  await classify(member.readModel, 'bbbbbbbb')
  expect(await member.told()).toEqual([])
})

test('tells nothing about the events of others, nor of events that it does not have, while it follows the log', async () => {
  const member = await openMember()
  await classify(member.readModel)
  await member.read(`/checkout/${EVENT}`, member.customer)
  expect((await member.report(member.stranger)).deliveries).toEqual([])
  expect((await member.report(member.operator, 'another')).deliveries).toEqual([])
  member.fallsBehind()
  expect(await member.told()).toEqual(['read customer'])
  for (const who of [member.shop, member.customer])
    expect((await member.get(`/checkouts/${EVENT}/deliveries`, who)).status).toBe(403)
})
