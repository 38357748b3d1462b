import { describe, expect, test, vi } from 'vitest'
import type { Scope } from '../../backbone/access/identity.ts'
import { signToken } from '../../backbone/access/signed-token.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { conflictIdOf, eventIdOfKey, idOutsideHome } from '../../backbone/records/event-id.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { openCacheFile } from '../read-model/cache-file.ts'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt, outcomeRecord } from '../testing/records.ts'

const readModels = createTestReadModels()
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
type Given = Parameters<typeof outcomeRecord>[2]

/** One outcome in partition 0 for each element, oldest first. */
async function setUp(outcomes: Given[], access?: Parameters<typeof createTestApp>[1]) {
  const readModel = readModels.open()
  await follow(readModel, 0, range(0, outcomes.length), (offset) => outcomes[offset] ?? {})
  const app = createTestApp(readModel, access)
  return {
    ...app,
    found: async (query: string, init?: RequestInit) => foundIn(await app.get(`/checkouts?${query}`, init)),
  }
}

async function foundIn(response: Response): Promise<string[]> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  const { items } = (await response.json()) as { items: { eventId: string }[] }
  return items.map(({ eventId }) => eventId)
}

describe('GET /checkouts', () => {
  test('has outcomes of every kind, newest first', async () => {
    const kinds = ['quick', 'slow', 'none', 'unverified', 'invalid'] as const
    const { found } = await setUp(kinds.map((kind) => ({ kind })))
    expect(await found('')).toEqual(range(0, 5).map((offset) => eventAt(0, 4 - offset)))
    expect(await found('order=asc')).toEqual(range(0, 5).map((offset) => eventAt(0, offset)))
    expect(await found('kind=none,invalid')).toEqual([eventAt(0, 4), eventAt(0, 2)])
  })

  test('is never a stream', async () => {
    const { get } = await setUp([{}])
    const response = await get('/checkouts', { headers: { accept: 'text/event-stream' } })
    expect(response.headers.get('content-type')).toBe('application/json')
  })

  test('answers HEAD without a body, and no other method', async () => {
    const { get } = await setUp([{}])
    const head = await get('/checkouts', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await get('/checkouts', { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('is unavailable while this member does not know all outcomes', async () => {
    const { get, fallsBehind } = await setUp([{}])
    fallsBehind()
    expect((await get('/checkouts')).status).toBe(503)
  })
})

describe.each([
  ['in memory', 1_000],
  ['in the file', 0],
])('%s, an outcome is found by', (_, keepInMemory) => {
  async function withOutcomes(outcomes: Given[]) {
    const path = readModels.newPath()
    const readModel = readModels.open({ path, keepInMemory })
    await follow(readModel, 1, range(0, outcomes.length), (offset) => outcomes[offset] ?? {})
    const inFile = () => openCacheFile(path).prepare('SELECT sum(count) AS rows FROM blocks').get()
    if (keepInMemory === 0) await vi.waitFor(() => expect(inFile()).toEqual({ rows: outcomes.length }), 5_000)
    const { get } = createTestApp(readModel)
    return async (query: string, path_ = '/checkouts') => foundIn(await get(`${path_}?${query}`))
  }

  test('its folio, as people write it', async () => {
    const found = await withOutcomes([{ folio: 'SRZ-5509' }, { folio: 'SRZ-5510' }, { folio: 'SRZ-5509' }])
    expect(await found('folio=SRZ-5509')).toEqual([eventAt(1, 2), eventAt(1, 0)])
    expect(await found('folio=%20srz-5510')).toEqual([eventAt(1, 1)])
    expect(await found('folio=SRZ-5511')).toEqual([])
    expect(await found('folio=SRZ-5509', '/notifications')).toEqual([eventAt(1, 0), eventAt(1, 2)])
    expect(await found('folio=SRZ-5509&order=desc&limit=1', '/notifications')).toEqual([eventAt(1, 2)])
  })

  test('its product, cleaned like the stored one', async () => {
    const product = 'Colchón "de" espuma'
    const found = await withOutcomes([
      { productovisto: product },
      { productovisto: `${product}s` },
      { productovisto: 'x', kind: 'none' },
      { productovisto: product, kind: 'none' },
    ])
    const decomposed = encodeURIComponent(` ${product.normalize('NFD')}\u200b`)
    expect(await found(`product=${decomposed}`)).toEqual([eventAt(1, 3), eventAt(1, 0)])
    expect(await found(`product=${decomposed}`, '/notifications')).toEqual([eventAt(1, 0)])
    expect(await found('product=espuma')).toEqual([])
  })

  test('its event id, with the other outcomes of the event', async () => {
    const id = 'c0ffee'
    const found = await withOutcomes([
      { eventId: id },
      { eventId: `${id}0` },
      { eventId: idOutsideHome(id, 1), kind: 'none', folio: null },
      { eventId: idOutsideHome(id, 3) },
      { eventId: conflictIdOf(id, 17), kind: 'invalid' },
      { eventId: conflictIdOf(idOutsideHome(id, 1), 18), kind: 'invalid' },
    ])
    // There is no partition 3, so nothing outside the home partition can have its number.
    expect(await found(`eventId=${id}`)).toEqual([
      conflictIdOf(idOutsideHome(id, 1), 18),
      conflictIdOf(id, 17),
      idOutsideHome(id, 1),
      id,
    ])
    expect(await found(`eventId=${id}&kind=invalid&limit=1`)).toEqual([
      conflictIdOf(idOutsideHome(id, 1), 18),
    ])
    expect(await found(`eventId=${conflictIdOf(id, 17)}`)).toEqual([conflictIdOf(id, 17)])
    expect(await found('eventId=c0ffe')).toEqual([])
  })

  test('its idempotency key and customer, in both lanes', async () => {
    const idOf = (lane: Lane, key = 'order-1', customer = ana) =>
      eventIdOfKey({ owner: 'anonymous', key, customer, lane })
    const found = await withOutcomes([
      { eventId: idOf('purchase'), customer: ana },
      { eventId: idOf('browse'), customer: ana, kind: 'none' },
      { eventId: conflictIdOf(idOf('purchase'), 5), kind: 'invalid' },
      { eventId: idOf('purchase', 'order-2'), customer: ana },
      { eventId: idOf('purchase', 'order-1', eva), customer: eva },
    ])
    expect(await found(`idempotencyKey=order-1&customer=${ana}`)).toEqual([
      conflictIdOf(idOf('purchase'), 5),
      idOf('browse'),
      idOf('purchase'),
    ])
    expect(await found(`idempotencyKey=order-1&customer=${eva}`)).toEqual([idOf('purchase', 'order-1', eva)])
    expect(await found(`idempotencyKey=order-3&customer=${ana}`)).toEqual([])
    const both = `idempotencyKey=order-1&customer=${ana}&eventId=`
    expect(await found(both + idOf('browse'))).toEqual([idOf('browse')])
    expect(await found(both + idOf('purchase', 'order-2'))).toEqual([])
  })
})

test('a stream has only the outcomes of its folio and its product', async () => {
  const readModel = readModels.open()
  const { stream } = createTestApp(readModel)
  const productOf = (offset: number) => (offset % 3 === 0 ? 'Lámpara' : 'Silla')
  await follow(readModel, 0, range(0, 6), (offset) => ({
    folio: offset % 2 === 0 ? 'SRZ-5509' : 'SRZ-5510',
    productovisto: productOf(offset),
  }))
  const query = new URLSearchParams({ folio: 'SRZ-5509', product: 'Lámpara', from: 'earliest' })
  const { events, cancel } = await stream(`?${query.toString()}`)
  await follow(readModel, 0, [6, 7, 12], (offset) => ({ productovisto: productOf(offset) }))
  const data = (await events(3)).map((frame) => JSON.parse(frame.data ?? '') as { eventId: string })
  expect(data.map(({ eventId }) => eventId)).toEqual([0, 6, 12].map((offset) => eventAt(0, offset)))
  await cancel()
})

describe('is refused with 400', () => {
  test.each([
    ['idempotencyKey=order-1', 'idempotencyKey requires customer: only both together name an event'],
    [`idempotencyKey=&customer=${ana}`, 'idempotencyKey must have 1 to 255 visible ASCII characters'],
    [`idempotencyKey=a%20b&customer=${ana}`, 'idempotencyKey must have 1 to 255 visible ASCII characters'],
    ['eventId=', 'eventId must be an event id'],
    ['folio=SRZ-55090', 'folio must be three letters, a dash and four digits'],
    ['product=', 'product must not be empty'],
    ['product=%E2%80%8B', 'product must not be empty'],
    ['from=earliest', 'from earliest requires order=asc: nothing is older'],
    ['eventid=c0ffee', 'eventid is not a parameter of this route: did you mean eventId?'],
  ])('%s', async (query, detail) => {
    const { get } = await setUp([])
    const response = await get(`/checkouts?${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ detail })
  })

  test('the position of a stream', async () => {
    const { get } = await setUp([])
    const { detail } = (await (await get('/checkouts?lastEventId=AQA')).json()) as { detail: string }
    expect(detail).toMatch(/^lastEventId is not a parameter of this route: /)
  })

  test('beyond the limits of an event id and of a key, not at them', async () => {
    const { found, get } = await setUp([])
    expect((await get(`/checkouts?eventId=${'e'.repeat(193)}`)).status).toBe(400)
    expect((await get(`/checkouts?idempotencyKey=${'k'.repeat(256)}&customer=${ana}`)).status).toBe(400)
    expect(await found(`eventId=${'e'.repeat(192)}`)).toEqual([])
    expect(await found(`idempotencyKey=${'k'.repeat(255)}&customer=${ana}`)).toEqual([])
    expect(await found(`idempotencyKey=!&customer=${ana}`)).toEqual([])
  })
})

describe('with keys', () => {
  const PERSONAL: readonly Scope[] = ['read', 'personal']
  const keyed = (owner: string, customer = ana) =>
    eventIdOfKey({ owner, key: 'order-1', customer, lane: 'purchase' })

  async function withOwners() {
    const keys = createTestKeys()
    const minted = {
      web: keys.mint('web', [...PERSONAL]),
      app: keys.mint('app', [...PERSONAL]),
      masked: keys.mint('web', ['read']),
      writes: keys.mint('web', ['write']),
    }
    const outcomes = ['web', 'app'].flatMap((owner) => [
      { owner, customer: ana, eventId: keyed(owner) },
      { owner, customer: eva, eventId: keyed(owner, eva) },
      { owner, eventId: conflictIdOf(keyed(owner), 9), kind: 'invalid' as const },
    ])
    return { minted, ...(await setUp(outcomes, keys.open().access)) }
  }

  test('a credential that may read is required', async () => {
    const { get, minted } = await withOwners()
    expect((await get('/checkouts')).status).toBe(401)
    expect((await get('/checkouts', { headers: minted.writes.headers })).status).toBe(403)
  })

  test('an owner finds its own events, by every parameter, and those of no other', async () => {
    const { found, minted } = await withOwners()
    const { headers } = minted.web
    const own = [conflictIdOf(keyed('web'), 9), keyed('web', eva), keyed('web')]
    expect(await found('', { headers })).toEqual(own)
    expect(await found('folio=SRZ-5509', { headers })).toEqual(own.slice(1))
    expect(await found(`eventId=${keyed('app')}`, { headers })).toEqual([])
    expect(await found(`eventId=${keyed('web')}`, { headers })).toEqual([own[0], own[2]])
    expect(await found(`idempotencyKey=order-1&customer=${ana}`, { headers })).toEqual([own[0], own[2]])
  })

  test('a token for one customer finds only the events of that customer', async () => {
    const { found, get, minted } = await withOwners()
    const expiresAt = Math.floor(Date.now() / 1_000) + 60
    const grant = { scopes: new Set(PERSONAL), customer: ana, expiresAt }
    const token = await signToken(minted.web.id, minted.web.hash, grant)
    const init = { headers: { authorization: `Bearer ${token}` } }
    expect(await found('', init)).toEqual([keyed('web')])
    expect(await found(`idempotencyKey=order-1&customer=${ana}`, init)).toEqual([keyed('web')])
    expect(await found(`eventId=${keyed('web', eva)}`, init)).toEqual([])
    expect((await get(`/checkouts?customer=${eva}`, init)).status).toBe(403)
    expect((await get(`/checkouts?idempotencyKey=order-1&customer=${eva}`, init)).status).toBe(403)
  })

  test('without the scope personal, names, telephone, e-mail and street are masked', async () => {
    const { get, minted } = await withOwners()
    const clear = await (await get('/checkouts', { headers: minted.web.headers })).text()
    const masked = await (await get('/checkouts', { headers: minted.masked.headers })).text()
    expect(masked).toContain('"nombre":"***"')
    for (const personal of ['Scarlett', 'Morris', '976-874-0232', 'Abbey Road']) {
      expect(clear).toContain(personal)
      expect(masked).not.toContain(personal)
    }
  })
})

test('a look-up in millions costs no scan', async () => {
  const readModel = readModels.open({ keepInMemory: 0 })
  await follow(readModel, 0, range(0, 2_000), (offset) => ({
    folio: offset === 3 ? 'AAA-0001' : 'ZZZ-9999',
    eventId: offset === 3 ? 'c0ffee' : `c${offset}`,
  }))
  let pieces = 0
  const before: typeof readModel.before = (...asked) => {
    pieces += 1
    return readModel.before(...asked)
  }
  const { get } = createTestApp({ ...readModel, before })
  for (const query of ['folio=AAA-0001', 'eventId=c0ffee'])
    expect(await foundIn(await get(`/checkouts?${query}`))).toEqual(['c0ffee'])
  expect(pieces).toBe(2)
})

test('an event id is looked up once in each of a thousand partitions', async () => {
  const readModel = readModels.open({ partitions: 1_000, keepInMemory: 0 })
  const outside = idOutsideHome('c0ffee', 998)
  for (const partition of [3, 998])
    await follow(readModel, partition, [0], () => ({ eventId: partition === 3 ? 'c0ffee' : outside }))
  let rows = 0
  const before: typeof readModel.before = (offsets, filter, limit) => {
    rows += offsets.reduce((sum, _, partition) => sum + (filter.eventsIn?.(partition).length ?? 1_001), 0)
    return readModel.before(offsets, filter, limit)
  }
  const { get } = createTestApp({ ...readModel, before })
  expect((await foundIn(await get('/checkouts?eventId=c0ffee'))).toSorted()).toEqual(['c0ffee', outside])
  expect(rows).toBeLessThanOrEqual(2_000)
})
