import { describe, expect, test, vi } from 'vitest'
import type { Scope } from '../../backbone/access/identity.ts'
import { signToken } from '../../backbone/access/signed-token.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { outcomeSchema } from '../../backbone/records/outcome.ts'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { createTestApp } from '../testing/apps.ts'
import { readFrames } from '../testing/frames.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'

const readModels = createTestReadModels()
const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
const PERSONAL: readonly Scope[] = ['read', 'personal']
type Minted = ReturnType<ReturnType<typeof createTestKeys>['mint']>

/**
 * Events of two owners and of anonymous, each with two customers; each owner with a key, and `web` with a
 * masking one.
 */
async function setUp() {
  const readModel = readModels.open()
  const records = ['web', 'app', 'anonymous'].flatMap((owner, o) =>
    [ana, eva].map((customer, c) =>
      outcomeRecord(0, o * 2 + c, { owner, customer, eventId: `${owner}-${customer[0]}` }),
    ),
  )
  await readModel.append(0, { records, next: records.length, resume: records.length, log: 'aaaaaaaa' })
  const keys = createTestKeys()
  const mint = (owner: string) => keys.mint(owner, [...PERSONAL])
  const minted = { web: mint('web'), app: mint('app'), anonymous: mint('anonymous'), other: mint('other') }
  const masked = keys.mint('web', ['read'])
  const writes = keys.mint('web', ['write'])
  return { readModel, keys, minted, masked, writes, ...createTestApp(readModel, keys.open().access) }
}

const idsIn = async (response: Response) =>
  ((await response.json()) as { items: { eventId: string }[] }).items.map(({ eventId }) => eventId)

async function tokenFor({ id, hash }: Minted, customer: string, seconds = 3_600) {
  const expiresAt = Math.floor(Date.now() / 1_000) + seconds
  const token = await signToken(id, hash, { scopes: new Set(PERSONAL), customer, expiresAt })
  return { headers: { authorization: `Bearer ${token}` } }
}

const reads = ['/notifications', '/notifications/stream', '/notifications/export', '/checkout/web-a']

test.each(reads)('%s wants a credential, and one that may read', async (path) => {
  const { get, writes } = await setUp()
  expect((await get(path)).status).toBe(401)
  expect((await get(path, { headers: writes.headers })).status).toBe(403)
})

test('health requires no key', async () => {
  const { get } = await setUp()
  expect((await get('/health/live')).status).toBe(200)
  expect((await get('/health/ready')).status).toBe(200)
})

test.each([
  ['web', ['web-a', 'web-e']],
  ['app', ['app-a', 'app-e']],
  ['anonymous', ['anonymous-a', 'anonymous-e']],
  ['other', []],
] as const)('%s sees its own events, in a page and in a stream, and no other', async (owner, expected) => {
  const { minted, get } = await setUp()
  const { headers } = minted[owner]
  expect(await idsIn(await get('/notifications?from=earliest', { headers }))).toEqual(expected)
  const frames = readFrames(await get('/notifications/stream?from=earliest', { headers }))
  const events = (await frames.events(expected.length)).map(({ data }) => JSON.parse(data ?? '') as object)
  expect(events).toMatchObject(expected.map((eventId) => ({ eventId })))
  await frames.cancel()
})

test('an event of another owner gets the same answer as an unknown one', async () => {
  const { minted, get } = await setUp()
  const [own, others, none] = await Promise.all(
    ['web-a', 'app-a', 'never'].map((id) => get(`/checkout/${id}`, { headers: minted.web.headers })),
  )
  expect(own?.status).toBe(200)
  expect([others?.status, await others?.text()]).toEqual([none?.status, await none?.text()])
  expect(none?.status).toBe(404)
})

test('a token for one customer shows that customer, and no other', async () => {
  const { minted, get } = await setUp()
  const init = await tokenFor(minted.web, ana)
  expect(await idsIn(await get('/notifications?from=earliest', init))).toEqual(['web-a'])
  expect(await idsIn(await get(`/notifications?from=earliest&customer=${ana}`, init))).toEqual(['web-a'])
  expect((await get(`/notifications?customer=${eva}`, init)).status).toBe(403)
  expect((await get(`/notifications/stream?customer=${eva}`, init)).status).toBe(403)
  expect((await get('/checkout/web-a', init)).status).toBe(200)
  expect((await get('/checkout/web-e', init)).status).toBe(404)
  expect((await get('/checkout/app-a', init)).status).toBe(404)
})

describe('without the scope personal', () => {
  test('personal data is masked, and the result is still a valid outcome', async () => {
    const { masked, get } = await setUp()
    const { headers } = masked
    const page = await (await get('/notifications?from=earliest&limit=1', { headers })).text()
    const event = await (await get('/checkout/web-a', { headers })).text()
    const frames = readFrames(await get('/notifications/stream?from=earliest', { headers }))
    const [frame] = await frames.events(1)
    await frames.cancel()
    const outcomes = [
      (JSON.parse(page) as { items: object[] }).items[0],
      (JSON.parse(event) as { outcome: object }).outcome,
      JSON.parse(frame?.data ?? ''),
    ].map((shown) => outcomeSchema.strict().parse(shown))
    for (const { message, checkout } of outcomes) {
      expect(message).toMatch(/^Estimad@ \*\*\*,\n\n/)
      expect(message).toContain('SRZ-5509')
      expect(checkout).toMatchObject({
        id: ana,
        nombre: '***',
        apellido: '***',
        edad: 44,
        email: 'masked@example.invalid',
        telefono: '***',
        ubicacion: { direccion: '***', ciudad: expect.stringMatching(/\w/) },
        folio: 'SRZ-5509',
      })
    }
    const { nombre, apellido, email, telefono } = JSON.parse(Buffer.from(outcomeRecord(0, 0).json).toString())
      .checkout as Record<string, string>
    for (const text of [page, event, frame?.raw]) {
      for (const personal of [nombre, apellido, email, telefono]) expect(text).not.toContain(personal)
    }
  })

  test('invalid fields are not shown, for any value', async () => {
    const { readModel, masked, get } = await setUp()
    const sent = {
      ...boughtQuickly,
      nombre: undefined,
      edad: 'Scarlett, 44',
      email: 'Scarlett Morris@mail.com',
      ubicacion: { ...boughtQuickly.ubicacion, ciudad: { calle: '123 Abbey Road' }, pais: 7 },
      productovisto: true,
      recorrido: [{ etapa: 'Scarlett Morris', segundos: -1 }],
    }
    const parsed = parseCheckout(sent)
    if (parsed.is !== 'faulty purchase') throw new Error(parsed.is)
    const record = outcomeRecord(0, 50, { eventId: 'faulty', kind: 'unverified', owner: 'web' })
    const outcome = { ...JSON.parse(String(record.json)), checkout: parsed.checkout, faults: parsed.faults }
    const json = Buffer.from(JSON.stringify(outcome))
    await readModel.append(0, { records: [{ ...record, json }], next: 51, resume: 51, log: 'aaaaaaaa' })
    const response = await get('/checkout/faulty', { headers: masked.headers })
    expect(await response.json()).toEqual({
      status: 'classified',
      outcome: {
        ...outcome,
        checkout: {
          id: boughtQuickly.id,
          nombre: null,
          apellido: '***',
          edad: null,
          email: null,
          telefono: '***',
          ubicacion: { direccion: '***', ciudad: null, pais: null },
          productovisto: null,
          taps: boughtQuickly.taps,
          folio: boughtQuickly.folio,
          recorrido: null,
        },
      },
    })
  })

  test('a path is shown, because it is not personal', async () => {
    const { readModel, masked, get } = await setUp()
    const recorrido = [{ etapa: 'pago', segundos: 1_068, error: '51' }]
    const record = outcomeRecord(0, 50, { eventId: 'with-path', owner: 'web' })
    const outcome = JSON.parse(String(record.json)) as { checkout: object }
    const json = Buffer.from(JSON.stringify({ ...outcome, checkout: { ...outcome.checkout, recorrido } }))
    await readModel.append(0, { records: [{ ...record, json }], next: 51, resume: 51, log: 'aaaaaaaa' })
    const response = await get('/checkout/with-path', { headers: masked.headers })
    expect(await response.json()).toMatchObject({ outcome: { checkout: { nombre: '***', recorrido } } })
  })

  test('a personal field without a value stays so', async () => {
    const { readModel, masked, get } = await setUp()
    const record = outcomeRecord(0, 50, { eventId: 'without', owner: 'web' })
    const { checkout, ...rest } = JSON.parse(String(record.json)) as { checkout: object }
    const json = Buffer.from(
      JSON.stringify({ ...rest, checkout: { ...checkout, apellido: null, telefono: undefined } }),
    )
    await readModel.append(0, { records: [{ ...record, json }], next: 51, resume: 51, log: 'aaaaaaaa' })
    const response = await get('/checkout/without', { headers: masked.headers })
    const { outcome } = (await response.json()) as { outcome: { checkout: object } }
    expect(outcome.checkout).toMatchObject({ nombre: '***', apellido: null })
    expect(outcome.checkout).not.toHaveProperty('telefono')
  })

  test('data that is not personal is unchanged', async () => {
    const { readModel, masked, get } = await setUp()
    const invalid = outcomeRecord(1, 0, { kind: 'invalid', owner: 'web' })
    await readModel.append(1, { records: [invalid], next: 1, resume: 1, log: 'aaaaaaaa' })
    const response = await get('/notifications?kind=invalid&from=earliest', { headers: masked.headers })
    expect(await response.json()).toMatchObject({ items: [JSON.parse(invalid.json.toString())] })
  })
})

test('the open streams of a key are limited; one that ends makes room', async () => {
  const { minted, get } = await setUp()
  const open = async () => get('/notifications/stream', { headers: minted.web.headers })
  const first = readFrames(await open())
  const second = readFrames(await open())
  await first.next()
  const refused = await open()
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('5')
  // Invalid requests and HEAD do not count as streams, and another key has its own limit.
  expect((await get('/notifications/stream?limit=0.5', { headers: minted.app.headers })).status).toBe(400)
  for (let n = 0; n < 3; n++)
    await get('/notifications/stream', { method: 'HEAD', headers: minted.app.headers })
  expect((await get('/notifications/stream', { headers: minted.app.headers })).status).toBe(200)
  await first.cancel()
  const third = await open()
  expect(third.status).toBe(200)
  await Promise.all([second.cancel(), third.body?.cancel()])
})

describe('a stream ends', () => {
  test('when its key is removed from the file', async () => {
    const { keys, minted, get } = await setUp()
    const frames = readFrames(await get('/notifications/stream', { headers: minted.web.headers }))
    const others = readFrames(await get('/notifications/stream', { headers: minted.app.headers }))
    await frames.next()
    await others.next()
    keys.keys.splice(0, 1)
    keys.write()
    let next = await frames.next()
    while (next) next = await frames.next()
    expect((await get('/notifications', { headers: minted.web.headers })).status).toBe(401)
    expect((await get('/notifications', { headers: minted.app.headers })).status).toBe(200)
    await others.cancel()
  })

  test('when its token does', async () => {
    const { minted, get } = await setUp()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const frames = readFrames(await get('/notifications/stream', await tokenFor(minted.web, ana, 60)))
    await frames.next()
    const last = frames.next()
    await vi.advanceTimersByTimeAsync(61_000)
    vi.useRealTimers()
    let next = await last
    while (next) next = await frames.next()
  })
})
