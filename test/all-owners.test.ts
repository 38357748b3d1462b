import { randomUUID } from 'node:crypto'
import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Scope } from '../backbone/access/identity.ts'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { DeadLetter } from '../backbone/records/dead-letter.ts'
import type { ServedOutcome } from '../backbone/records/outcome.ts'
import type { Timeline } from '../backbone/timeline/timeline.ts'
import { useBrowser } from './browser-pages.ts'
import { checkoutOf } from './checkouts.ts'
import { openEventStream } from './event-stream.ts'
import { textOf, violationsOf } from './inspect-page.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 20_000, interval: 50 }
const keys = createTestKeys()
const store: Scope[] = ['write', 'read', 'personal', 'operate']
const storefront = keys.mint('storefront', store)
const kiosk = keys.mint('kiosk', store)
const night = keys.mint('operations', ['write', 'read', 'personal', 'operate', 'all-owners'])
const system = useSystem({ gateways: 1, processors: 1, settings: { API_KEYS_FILE: keys.path } })
const { openPage } = useBrowser()

type Minted = typeof night
type Body = Record<string, unknown>
const url = (path: string) => `${system().gateways[0]?.url}${path}`

async function call(key: Minted, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url(path), {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...key.headers, 'content-type': 'application/json', prefer: 'wait=20', ...headers },
  })
  return { status: response.status, body: (await response.json()) as Body }
}

const lettersOf = async (key: Minted, query = '') =>
  (await call(key, `/dead-letters?limit=100${query}`)).body['items'] as DeadLetter[]
const ownersOf = (letters: DeadLetter[]) => letters.map(({ owner }) => owner).toSorted()

/** A purchase of each store, with an idempotency key, and the answers. */
const bought: Record<string, { eventId: string; customer: string; key: string }> = {}
/** A checkout of each owner that breaks the rules, as another program writes it. */
const wrong = ['storefront', 'kiosk', 'kiosk', undefined].map((owner, index) => ({
  owner,
  checkout: { ...checkoutOf('none', index), edad: 200 },
}))

beforeAll(async () => {
  for (const [owner, minted] of Object.entries({ storefront, kiosk })) {
    const checkout = checkoutOf('quick', 1)
    const key = randomUUID()
    const { status, body } = await call(minted, '/checkout', checkout, { 'idempotency-key': key })
    expect(status).toBe(200)
    expect(body['outcome']).not.toHaveProperty('owner')
    bought[owner] = { eventId: body['eventId'] as string, customer: checkout.id, key }
  }
  await system().produce(async (producer) => {
    const messages = wrong.map(({ owner, checkout }) => ({
      value: JSON.stringify(checkout),
      headers: owner === undefined ? {} : { owner },
    }))
    await producer.send({ topic: system().topics.data, messages })
  })
  await vi.waitFor(async () => expect(await lettersOf(night)).toHaveLength(wrong.length), SOON)
}, 60_000)

test('the night shift opens the checkouts of every store, and each store only its own', async () => {
  const opened = await fetch(url('/session'), { method: 'POST', headers: night.headers })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await opened.json()).toMatchObject({ scopes: keys.keys.find(({ id }) => id === night.id)?.scopes })
  const stream = openEventStream(url('/notifications/stream?from=earliest'), undefined, { cookie })
  const followed: Record<string, string | undefined> = {}
  for await (const { data } of stream.events()) {
    const { eventId, owner } = JSON.parse(data) as ServedOutcome
    followed[eventId] = owner
    if (Object.keys(followed).length === 2) break
  }
  stream.cut()

  for (const [owner, { eventId, customer, key }] of Object.entries(bought)) {
    const [own, other] = owner === 'kiosk' ? [kiosk, storefront] : [storefront, kiosk]
    expect(followed[eventId]).toBe(owner)
    const found = await call(night, `/checkout/${eventId}`)
    expect(found.body['outcome']).toMatchObject({ eventId, owner })
    const timeline = (await call(night, `/checkouts/${eventId}/timeline`)).body as unknown as Timeline
    expect(timeline.outcome).toMatchObject({ owner })
    expect(timeline.steps.map(({ what }) => what)).toEqual(expect.arrayContaining(['received', 'stored']))
    const byKey = `/checkouts?idempotencyKey=${key}&customer=${customer}`
    expect((await call(night, `${byKey}&owner=${owner}`)).body['items']).toMatchObject([{ eventId, owner }])
    expect((await call(night, byKey)).status).toBe(400)
    expect((await call(own, byKey)).body['items']).toHaveLength(1)

    for (const path of [`/checkout/${eventId}`, `/checkouts/${eventId}/timeline`]) {
      expect((await call(own, path)).status).toBe(200)
      expect((await call(other, path, undefined, { prefer: 'wait=0' })).status).toBe(404)
    }
    expect((await call(other, byKey)).body['items']).toEqual([])
  }
}, 60_000)

test('what the night shift sends belongs to its own owner', async () => {
  const { status, body } = await call(night, '/checkout', checkoutOf('slow', 2))
  expect([status, (body['outcome'] as Body)['owner']]).toEqual([200, 'operations'])
  expect(
    (await call(kiosk, `/checkout/${String(body['eventId'])}`, undefined, { prefer: 'wait=0' })).status,
  ).toBe(404)
}, 60_000)

test('a store sees and sends again only its own dead letters; the night shift those of all', async () => {
  expect(ownersOf(await lettersOf(storefront))).toEqual(['storefront'])
  expect(ownersOf(await lettersOf(kiosk))).toEqual(['kiosk', 'kiosk'])
  const all = await lettersOf(night)
  expect(ownersOf(all)).toEqual(['anonymous', 'kiosk', 'kiosk', 'storefront'])
  expect(ownersOf(await lettersOf(night, '&owner=anonymous'))).toEqual(['anonymous'])
  expect((await call(storefront, '/dead-letters?owner=kiosk')).status).toBe(403)

  // Neither alone nor together with others.
  const ofKiosk = all.find(({ owner }) => owner === 'kiosk')!
  expect(
    (await call(storefront, `/dead-letters/${ofKiosk.id}`, undefined, { prefer: 'wait=0' })).status,
  ).toBe(404)
  const checkout = checkoutOf('quick', 3)
  expect((await call(storefront, `/dead-letters/${ofKiosk.id}/redrive`, { checkout })).status).toBe(404)
  const patch = { edad: 44 }
  expect((await call(storefront, '/dead-letters/redrive', { patch, owner: 'kiosk' })).status).toBe(403)
  const own = await call(storefront, '/dead-letters/redrive', { patch })
  expect([own.status, (own.body['results'] as Body[]).length]).toEqual([200, 1])

  // It stays the store's.
  const sent = await call(night, `/dead-letters/${ofKiosk.id}/redrive`, { checkout })
  expect(sent.body).toMatchObject({ status: 'classified', redriven: { by: night.id } })
  const eventId = String(sent.body['eventId'])
  expect((await call(kiosk, `/checkout/${eventId}`)).body['outcome']).toMatchObject({
    eventId,
    redrive: { of: ofKiosk.id, by: night.id },
  })
  expect((await call(storefront, `/checkout/${eventId}`, undefined, { prefer: 'wait=0' })).status).toBe(404)

  const rest = await call(night, '/dead-letters/redrive', { patch, owner: 'kiosk' })
  expect((rest.body['results'] as Body[]).map(({ status }) => status)).toEqual([200])
  expect(ownersOf(await lettersOf(night, '&redriven=false'))).toEqual(['anonymous'])
}, 60_000)

async function openView(key: Minted, path: string, width = 1_400): Promise<Page> {
  const page = await openPage('about:blank')
  await page.setExtraHTTPHeaders(key.headers)
  await page.setViewport({ width, height: 900 })
  await page.goto(url(path))
  return page
}

test('the page shows the night shift whose checkouts they are, and finds those of one store', async () => {
  const page = await openView(night, '/console/checkouts')
  const rows = () => textOf(page, '#results tbody')
  await expect.poll(rows, SOON).toContain('kiosk')
  expect(await rows()).toContain('storefront')
  await page.type('#owner', 'kiosk')
  await page.keyboard.press('Enter')
  await expect.poll(rows, SOON).not.toContain('storefront')
  expect(await page.evaluate('location.hash')).toBe('#owner=kiosk')
  const { customer, key, eventId } = bought['kiosk']!
  await page.evaluate(`document.getElementById('owner').value = ''`)
  await page.type('#search-text', `${key} ${customer}`)
  await page.keyboard.press('Enter')
  await expect.poll(() => textOf(page, '#status'), SOON).toContain('name the owner, too')
  await page.type('#owner', 'kiosk')
  await page.keyboard.press('Enter')
  await expect.poll(() => textOf(page, '#status'), SOON).toMatch(/^1 outcome/)
  expect(await violationsOf(page)).toEqual([])

  await page.goto(url(`/console/checkouts/${eventId}`))
  await expect.poll(() => textOf(page, '#checkout-head'), SOON).toContain('Owner kiosk')

  await page.setViewport({ width: 380, height: 900 })
  await page.goto(url('/console/notifications#owner=storefront'))
  await expect.poll(() => textOf(page, '#list tbody'), SOON).toContain('storefront')
  expect(await textOf(page, '#list tbody')).not.toContain('kiosk')
  expect(await violationsOf(page)).toEqual([])

  await page.goto(url('/console/dead-letters?owner=kiosk'))
  await expect.poll(() => textOf(page, '#list tbody'), SOON).toContain('kiosk')
  expect(await textOf(page, '#list tbody')).not.toContain('storefront')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380)

  const own = await openView(storefront, '/console/checkouts')
  await expect.poll(() => textOf(own, '#results tbody'), SOON).toContain('Quick purchase')
  expect(await textOf(own, '#results thead')).not.toContain('Owner')
}, 60_000)
