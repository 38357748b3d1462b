import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { slowPurchasesSchema } from '../../backbone/insights/slow-purchases.ts'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { runInThread } from './run-in-thread.ts'
import { shareAnswers } from './share-answers.ts'
import { purchasesOf } from './testing/generate-purchases.ts'
import { purchaseRecord } from './testing/purchase-record.ts'

const MINUTE = 60_000
const began = Date.parse('2026-11-30T00:10:00Z')
const now = began + 30 * MINUTE
const readModels = createTestReadModels()

async function setUp() {
  const path = readModels.newPath()
  const readModel = readModels.open({ path, partitions: 2 })
  const keys = createTestKeys()
  const clients = {
    storefront: keys.mint('storefront', ['read']),
    kiosk: keys.mint('kiosk', ['read']),
    writer: keys.mint('writer', ['write']),
    all: keys.mint('night', ['read', 'all-owners']),
  }
  const answer = vi.fn(runInThread({ path, timeZone: 'America/Santiago' }))
  const app = createTestApp(readModel, keys.open().access, {
    askWhySlow: shareAnswers({ answer, now: () => now }),
  })
  const planted = { city: 'Ñuñoa', error: '51', from: began, share: 0.5 }
  const purchases = purchasesOf({ seed: 11, perMinute: 60, planted }, now - 60 * MINUTE, now)
  const records = purchases.map((purchase, index) =>
    purchaseRecord(purchase, { partition: index % 2, offset: index >> 1, owner: 'storefront' }),
  )
  for (const partition of [0, 1]) {
    const own = records.filter((record) => record.partition === partition)
    await readModel.append(partition, { records: own, next: own.length, resume: own.length, log: 'aaaaaaaa' })
  }
  const ask = async (client: { headers: Record<string, string> }, query = '') => {
    const response = await app.get(`/insights/slow${query}`, client)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  /** What is only in memory is in the file half a second later. */
  const untilWritten = () =>
    vi.waitFor(
      async () => {
        const { body } = await ask(clients.all, `?since=${new Date(Math.random() * 1e12).toISOString()}`)
        expect(body).toMatchObject({ purchases: { of: purchases.length } })
      },
      { timeout: 20_000, interval: 50 },
    )
  return { ask, clients, answer, purchases, untilWritten }
}

test('names a cause with examples, from the file of the read model', async () => {
  const { ask, clients, purchases, untilWritten } = await setUp()
  await untilWritten()
  const { status, body } = await ask(clients.storefront)
  expect(status).toBe(200)
  const { causes, text, ...facts } = slowPurchasesSchema.parse(body)
  expect(facts).toMatchObject({
    since: new Date(now - 1_440 * MINUTE).toISOString(),
    until: new Date(now).toISOString(),
    timeZone: 'America/Santiago',
    before: null,
    sampled: null,
    staged: purchases.length,
  })
  expect(causes).toMatchObject([
    {
      traits: [
        { factor: 'city', value: 'Ñuñoa' },
        { factor: 'error', value: '51' },
      ],
      isComparedWithBefore: false,
    },
  ])
  const slow = purchases
    .filter(({ isSlow, city }) => isSlow && city === 'Ñuñoa')
    .map(({ eventId }) => eventId)
  for (const id of causes[0]?.examples ?? []) expect(slow).toContain(id)
  expect(causes[0]?.examples).toHaveLength(5)
  expect(text.en).toContain('Purchases in Ñuñoa have been slow')
  expect(text.es).toContain('las compras en Ñuñoa son lentas')
})

test('only the own owner, unless the key has all-owners', async () => {
  const { ask, clients, purchases, untilWritten } = await setUp()
  await untilWritten()
  expect((await ask(clients.kiosk)).body).toMatchObject({ purchases: { of: 0 } })
  expect((await ask(clients.all)).body).toMatchObject({ purchases: { of: purchases.length } })
  expect((await ask(clients.all, '?owner=kiosk')).body).toMatchObject({ purchases: { of: 0 } })
  expect((await ask(clients.kiosk, '?owner=storefront')).status).toBe(403)
  expect((await ask(clients.writer)).status).toBe(403)
  expect((await ask({ headers: {} })).status).toBe(401)
})

test.each([
  ['?snce=2026-11-29T00:00:00Z', 'snce is not a parameter of this route: did you mean since?'],
  ['?since=yesterday', 'since must be a time in ISO 8601 with a zone'],
  ['?since=2026-11-29T01:00:00Z&until=2026-11-29T01:00:00Z', 'since must be before until'],
  ['?since=2026-11-30T00:40:00Z', 'since must be in the past'],
])('%s is refused', async (query, detail) => {
  const { ask, clients, answer } = await setUp()
  expect(await ask(clients.all, query)).toMatchObject({ status: 400, body: { detail } })
  expect(answer).not.toHaveBeenCalled()
})

test('since may be any time in the past', async () => {
  const { ask, clients } = await setUp()
  expect(await ask(clients.all, '?since=2026-11-30T00:39:59.999Z')).toMatchObject({
    status: 200,
    body: { purchases: { of: 0 }, text: { en: 'No purchases from 21:39 to 21:40.' } },
  })
})

test('a file that cannot be read is an error of the request, not the end of the process', async () => {
  const path = readModels.newPath()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'no database'.repeat(1_000))
  const answer = runInThread({ path, timeZone: 'UTC' })
  const question = { since: 0, until: now, owner: undefined }
  await expect(answer(question, new AbortController().signal)).rejects.toThrow(/not a database/)
})

test('a read that was cancelled has no answer', async () => {
  const path = readModels.newPath()
  readModels.open({ path })
  const answer = runInThread({ path, timeZone: 'UTC' })
  expect(await answer({ since: 0, until: now, owner: undefined }, AbortSignal.abort())).toBeUndefined()
})
