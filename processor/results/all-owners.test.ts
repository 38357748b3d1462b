import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../backbone/access/identity.ts'
import { signToken } from '../../backbone/access/signed-token.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import type { DeadLetter } from '../../backbone/records/dead-letter.ts'
import { eventIdOfKey } from '../../backbone/records/event-id.ts'
import { servedOutcomeSchema } from '../../backbone/records/outcome.ts'
import { keepLetterFile } from '../dead-letters/keep-letter-file.ts'
import { createTestApp } from '../testing/apps.ts'
import { readFrames } from '../testing/frames.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'

const OWNERS = ['storefront', 'kiosk', 'anonymous']
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
const KEYED = eventIdOfKey({ owner: 'kiosk', key: 'order-1', customer: eva, lane: 'purchase' })

const readModels = createTestReadModels()
const folder = mkdtempSync(join(tmpdir(), 'all-owners-'))
const letters = keepLetterFile({
  path: join(folder, 'letters.db'),
  data: () => ({ topic: 'DataTopic', homes: [1] }),
  onReset: () => expect.unreachable(),
  log: pino({ enabled: false }),
})
afterAll(async () => {
  await letters.close()
  rmSync(folder, { recursive: true })
})

/** One outcome of each owner for ana, one of kiosk for eva with an idempotency key, and a dead letter of each. */
async function setUp() {
  const readModel = readModels.open()
  const records = [
    ...OWNERS.map((owner, offset) =>
      outcomeRecord(0, offset, { owner, customer: ana, eventId: `event-${owner}` }),
    ),
    outcomeRecord(0, OWNERS.length, { owner: 'kiosk', customer: eva, eventId: KEYED }),
  ]
  await readModel.append(0, { records, next: records.length, resume: records.length, log: 'aaaaaaaa' })
  await letters.use((file) =>
    file.append(
      0,
      OWNERS.map((owner, offset) => ({
        key: null,
        value: Buffer.from('not JSON'),
        headers: {
          reason: 'not JSON',
          source: `DataTopic/0/${offset}`,
          ...(owner === 'anonymous' ? {} : { owner }),
        },
        offset: String(offset),
        timestamp: String(1_764_504_000_000 + offset),
      })),
    ),
  )
  const keys = createTestKeys()
  const all: Scope[] = ['read', 'personal', 'operate']
  const night = keys.mint('operations', [...all, 'all-owners'])
  const others = {
    own: keys.mint('kiosk', all),
    anonymous: keys.mint('anonymous', all),
    masked: keys.mint('operations', ['read', 'operate', 'all-owners']),
  }
  const deadLetters = { file: letters, behind: () => undefined, unread: () => 7 }
  return {
    ...createTestApp(readModel, keys.open().access, { deadLetters }),
    keys,
    night,
    ...others,
    token: async (customer: string | undefined, scopes: readonly Scope[]) => ({
      headers: {
        authorization: `Bearer ${await signToken(night.id, night.hash, {
          scopes: new Set(scopes),
          customer,
          expiresAt: Math.floor(Date.now() / 1_000) + 60,
        })}`,
      },
    }),
  }
}

type App = Awaited<ReturnType<typeof setUp>>
type Credential = { headers: { authorization: string } }
interface Item {
  eventId: string
  owner?: string
}

const itemsOf = async (response: Response): Promise<Item[]> => {
  expect(response.status).toBe(200)
  return ((await response.json()) as { items: Item[] }).items
}
const list =
  (path: string) =>
  async ({ get }: App, credential: Credential, query = '') =>
    itemsOf(await get(`${path}${query}`, credential))

async function streamed({ get }: App, credential: Credential, query = ''): Promise<Item[]> {
  const response = await get(`/notifications/stream?from=earliest${query}`, credential)
  expect(response.status).toBe(200)
  const frames = readFrames(response)
  const expected = (await itemsOf(await get(`/notifications?from=earliest${query}`, credential))).length
  const events = await frames.events(expected)
  await frames.cancel()
  return events.map(({ data }) => JSON.parse(data ?? '') as Item)
}

async function exported({ get }: App, credential: Credential, query = ''): Promise<Item[]> {
  const text = await (await get(`/notifications/export?format=ndjson${query}`, credential)).text()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Item)
}

async function one(path: (id: string) => string, { get }: App, credential: Credential): Promise<Item[]> {
  const ids = [...OWNERS.map((owner) => `event-${owner}`), KEYED]
  const found: Item[] = []
  for (const id of ids) {
    const response = await get(path(id), credential)
    if (response.status === 200) found.push(((await response.json()) as { outcome: Item }).outcome)
    else expect(response.status).toBe(404)
  }
  return found
}

type Read = (app: App, credential: Credential, query?: string) => Promise<Item[]>
const lists: [string, Read][] = [
  ['GET /notifications', list('/notifications?from=earliest')],
  ['GET /notifications?order=desc', list('/notifications?order=desc')],
  ['GET /checkouts', list('/checkouts?limit=100')],
  ['GET /notifications/stream', streamed],
  ['GET /notifications/export', exported],
]
const reads: [string, Read][] = [
  ...lists,
  ['GET /checkout/{eventId}', (app, credential) => one((id) => `/checkout/${id}`, app, credential)],
  ['timelines', (app, credential) => one((id) => `/checkouts/${id}/timeline`, app, credential)],
]

const ids = (items: Item[]) => items.map(({ eventId }) => eventId).toSorted()
const everything = [...OWNERS.map((owner) => `event-${owner}`), KEYED].toSorted()

describe.each(reads)('%s', (_, read) => {
  test('has the events of every owner with the scope all-owners, and says whose they are', async () => {
    const app = await setUp()
    const items = await read(app, app.night)
    expect(ids(items)).toEqual(everything)
    for (const item of items) {
      expect(item.owner).toBe(item.eventId === KEYED ? 'kiosk' : item.eventId.replace('event-', ''))
      servedOutcomeSchema.strict().parse(item)
    }
    const masked = await read(app, app.masked)
    expect(masked.map(({ owner }) => owner)).toEqual(items.map(({ owner }) => owner))
    expect(JSON.stringify(masked)).not.toContain('Morris')
  })

  test('without it, only those of its own owner, without a new field', async () => {
    const app = await setUp()
    const items = await read(app, app.own)
    expect(ids(items)).toEqual(['event-kiosk', KEYED].toSorted())
    for (const item of items) expect(item).not.toHaveProperty('owner')
    expect(ids(await read(app, app.anonymous))).toEqual(['event-anonymous'])
  })
})

test('without keys, outcomes have no owner', async () => {
  const readModel = readModels.open()
  const record = outcomeRecord(0, 0, { owner: 'kiosk' })
  await readModel.append(0, { records: [record], next: 1, resume: 1, log: 'aaaaaaaa' })
  const { get } = createTestApp(readModel)
  expect(await itemsOf(await get('/checkouts'))).toEqual([JSON.parse(String(record.json))])
})

test('an owner that another program has written into an outcome is not shown', async () => {
  const { night, keys } = await setUp()
  const readModel = readModels.open()
  const record = outcomeRecord(0, 0, { owner: 'kiosk' })
  const json = Buffer.from(`  {"owner":"storefront",${String(record.json).slice(1)}\n`)
  await readModel.append(0, { records: [{ ...record, json }], next: 1, resume: 1, log: 'aaaaaaaa' })
  const { get } = createTestApp(readModel, keys.open().access)
  expect(await itemsOf(await get('/checkouts', night))).toMatchObject([{ owner: 'kiosk' }])
})

test.each(lists)('%s: owner selects one; another one requires the scope', async (_, read) => {
  const app = await setUp()
  expect(ids(await read(app, app.night, '&owner=storefront'))).toEqual(['event-storefront'])
  expect(ids(await read(app, app.night, '&owner=anonymous'))).toEqual(['event-anonymous'])
  expect(ids(await read(app, app.night, '&owner=nobody'))).toEqual([])
  expect(ids(await read(app, app.own, '&owner=kiosk'))).toEqual(['event-kiosk', KEYED].toSorted())
})

test.each([
  '/notifications',
  '/notifications/stream',
  '/notifications/export',
  '/checkouts',
  '/dead-letters',
])('%s for another owner is forbidden without the scope, and a wrong owner is an error', async (path) => {
  const { get, own, night } = await setUp()
  const refused = await get(`${path}?owner=storefront`, own)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ detail: 'The scope all-owners is required for another owner' })
  expect((await get(`${path}?owner=${'o'.repeat(65)}`, night)).status).toBe(400)
  expect((await get(`${path}?owner=`, night)).status).toBe(400)
  const longest = await get(`${path}?owner=${'o'.repeat(64)}`, night)
  expect(longest.status).toBe(200)
  await longest.body?.cancel()
})

test('a table names the owners only with the scope', async () => {
  const { get, night, own } = await setUp()
  const rows = async (credential: Credential) =>
    (await (await get('/notifications/export?format=csv', credential)).text()).trim().split('\r\n')
  const [header, ...all] = await rows(night)
  expect(header).toMatch(/,"owner"$/)
  const named = all.map((row) => /"(\w+)"$/.exec(row)?.[1] ?? '')
  expect(named.toSorted()).toEqual([...OWNERS, 'kiosk'].toSorted())
  expect((await rows(own))[0]).not.toContain('owner')
})

test('an idempotency key is searched with its owner', async () => {
  const { get, night, own } = await setUp()
  const query = `/checkouts?idempotencyKey=order-1&customer=${eva}`
  expect(ids(await itemsOf(await get(query, own)))).toEqual([KEYED])
  expect(ids(await itemsOf(await get(`${query}&owner=kiosk`, own)))).toEqual([KEYED])
  expect(ids(await itemsOf(await get(`${query}&owner=kiosk`, night)))).toEqual([KEYED])
  expect(ids(await itemsOf(await get(`${query}&owner=storefront`, night)))).toEqual([])
  expect((await get(`${query}&owner=storefront`, own)).status).toBe(403)
  const ambiguous = await get(query, night)
  expect(ambiguous.status).toBe(400)
  expect(await ambiguous.json()).toMatchObject({
    detail: expect.stringMatching(/^idempotencyKey requires owner/),
  })
})

test('a token has the scope only if it names it, and never for one customer', async () => {
  const app = await setUp()
  const read = list('/checkouts?limit=100')
  expect(ids(await read(app, await app.token(undefined, ['read', 'all-owners'])))).toEqual(everything)
  expect(await read(app, await app.token(undefined, ['read']))).toEqual([])
  const customers = await app.token(ana, ['read', 'all-owners'])
  expect(await read(app, customers)).toEqual([])
  expect((await app.get('/checkout/event-kiosk', customers)).status).toBe(404)
  expect((await app.get('/checkouts?owner=kiosk', customers)).status).toBe(403)
})

test('a cursor shows no more to another credential than its own events', async () => {
  const { get, night, own } = await setUp()
  for (const path of ['/notifications?from=earliest', '/checkouts?order=desc', '/dead-letters?']) {
    const page = (await (await get(`${path}&limit=1`, night)).json()) as { next: string }
    const rest = await get(`${path.replace('from=earliest', '')}&cursor=${page.next}`, own)
    const items = (await itemsOf(rest)) as (Item & Partial<DeadLetter>)[]
    for (const { eventId, owner } of items) expect(owner ?? eventId).toMatch(/kiosk|^[0-9a-f]{32}$/)
  }
})

test('a stream that is open ends when its key loses the scope', async () => {
  const app = await setUp()
  const { keys, night, get } = app
  const frames = readFrames(await get('/notifications/stream?from=earliest', night))
  expect(await frames.events(4)).toHaveLength(4)
  const entry = keys.keys.find(({ id }) => id === night.id)!
  entry.scopes = ['read', 'operate']
  keys.write()
  let next = await frames.next()
  while (next) next = await frames.next()
  expect(await list('/checkouts?limit=100')(app, night)).toEqual([])
})

describe('dead letters', () => {
  test('a list says how many records the processor has not read yet', async () => {
    const app = await setUp()
    expect(await (await app.get('/dead-letters', app.night)).json()).toMatchObject({ unread: 7 })
  })

  const owned = async ({ get }: App, credential: Credential, query = '') =>
    ((await itemsOf(await get(`/dead-letters?${query}`, credential))) as (Item & DeadLetter)[]).map(
      ({ owner }) => owner,
    )

  test('of every owner are listed with the scope, and else only those of its own', async () => {
    const app = await setUp()
    for (const filter of ['', '&reason=not-json', '&reason=not-json,other', '&redriven=false']) {
      expect(await owned(app, app.night, filter)).toEqual(OWNERS.toReversed())
      expect(await owned(app, app.own, filter)).toEqual(['kiosk'])
      expect(await owned(app, app.own, `owner=kiosk${filter}`)).toEqual(['kiosk'])
      expect(await owned(app, app.anonymous, filter)).toEqual(['anonymous'])
      expect(await owned(app, app.night, `owner=storefront${filter}`)).toEqual(['storefront'])
    }
    expect(await owned(app, app.own, 'reason=no-value')).toEqual([])
  })

  test('of others are answered like unknown ones', async () => {
    const app = await setUp()
    const [, , ofStorefront] = (await itemsOf(await app.get('/dead-letters', app.night))) as (Item &
      DeadLetter)[]
    expect(ofStorefront?.owner).toBe('storefront')
    const path = `/dead-letters/${ofStorefront?.id}`
    expect((await app.get(path, app.night)).status).toBe(200)
    const [others, unknown] = await Promise.all([
      app.get(path, app.own),
      app.get('/dead-letters/never', app.own),
    ])
    expect([others.status, await others.text()]).toEqual([404, await unknown.text()])
  })
})
