import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { DeadLetter, DeadLetterDetails } from '../backbone/records/dead-letter.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 20_000, interval: 50 }
const keys = createTestKeys()
const operator = keys.mint('store', ['operate', 'personal', 'all-owners'])
const watcher = keys.mint('store', ['operate', 'all-owners'])
const shop = keys.mint('shop', ['write', 'read', 'personal'])
const system = useSystem({ gateways: 2, processors: 2, settings: { API_KEYS_FILE: keys.path } })

type Body = Record<string, unknown>
interface Answer {
  status: number
  headers: Headers
  body: Body
}

async function call(path: string, init: RequestInit = {}, gateway = 0): Promise<Answer> {
  const response = await fetch(`${system().gateways[gateway]?.url}${path}`, {
    ...init,
    headers: { ...operator.headers, ...(init.headers as Record<string, string>) },
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
}

const post = (path: string, body?: unknown, headers: Record<string, string> = {}, gateway = 0) =>
  call(
    path,
    body === undefined
      ? { method: 'POST', headers }
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        },
    gateway,
  )

const redrive = (id: string, checkout?: unknown, headers = {}, gateway = 0) =>
  post(`/dead-letters/${id}/redrive`, checkout === undefined ? undefined : { checkout }, headers, gateway)

async function listed(query = ''): Promise<DeadLetter[]> {
  const { status, body } = await call(`/dead-letters?limit=1000${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body['items'] as DeadLetter[]
}

/** Writes records straight to DataTopic, and returns their dead letters in the same order. */
async function makeDeadLetters(values: (Buffer | string | null)[], headers = {}): Promise<DeadLetter[]> {
  const places: string[] = []
  await system().produce(async (producer) => {
    for (const value of values) {
      const [stored] = await producer.send({
        topic: system().topics.data,
        messages: [{ value, partition: 2, headers }],
      })
      places.push(`${stored?.partition}/${stored?.baseOffset}`)
    }
  })
  return vi.waitFor(async () => {
    const all = await listed()
    return places.map((place) => {
      const letter = all.find(({ source }) => `${source?.partition}/${source?.offset}` === place)
      if (letter === undefined) throw new Error(`no dead letter of ${place}`)
      return letter
    })
  }, SOON)
}

/** Outcomes of an event, as another client reads them. */
async function outcomesOf(...eventIds: unknown[]): Promise<Outcome[]> {
  const records = await readTopic(system().brokers, system().topics.notifications)
  return records.filter(({ key }) => eventIds.includes(key)).map(({ value }) => JSON.parse(value) as Outcome)
}

const waiting = { prefer: 'wait=20' }

test('a dead letter of each reason is listed, edited and sent again, once', async () => {
  const bought = checkoutOf('quick', 1)
  const [first, other] = [checkoutOf('quick', 2), checkoutOf('slow', 3)]
  const eventId = randomBytes(16).toString('hex')
  const owned = { 'event-id': eventId, owner: 'shop', 'received-at': '2026-11-29T10:00:00.000Z' }
  await system().produce(async (producer) => {
    await producer.send({
      topic: system().topics.data,
      messages: [{ value: JSON.stringify(first), partition: 2, headers: owned }],
    })
  })
  const [conflict] = await makeDeadLetters([JSON.stringify(other)], owned)
  const letters = [
    ...(await makeDeadLetters([
      null,
      Buffer.from([0xff, 0xfe, 0x7b]),
      'not JSON at all',
      JSON.stringify({ ...bought, edad: 131, folio: 'nonsense' }),
    ])),
    conflict!,
  ]
  expect(letters.map(({ reason }) => reason)).toEqual([
    'no-value',
    'not-utf-8',
    'not-json',
    'invalid-checkout',
    'idempotency-conflict',
  ])
  expect(letters[3]?.faults.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/edad', 'range'],
    ['/folio', 'format'],
  ])
  expect(conflict?.id).toMatch(new RegExp(`^${eventId}-conflict-\\d+$`))
  expect(conflict).toMatchObject({ owner: 'shop', receivedAt: '2026-11-29T10:00:00.000Z', redriven: null })
  const details = await Promise.all(
    letters.map(async ({ id }) => (await call(`/dead-letters/${id}`)).body as unknown as DeadLetterDetails),
  )
  expect(details.map(({ payload }) => payload)).toEqual([
    null,
    { base64: '//57' },
    { text: 'not JSON at all' },
    { text: JSON.stringify({ ...bought, edad: 131, folio: 'nonsense' }) },
    { text: JSON.stringify(other) },
  ])

  // As they are, only the conflict can be sent.
  for (const { id } of letters.slice(0, 4)) {
    const { status, body } = await redrive(id)
    expect([status, body['type']]).toEqual([422, 'urn:problem-type:checkout:invalid-checkout'])
    expect(body['errors']).not.toEqual([])
  }
  const corrected = letters.slice(0, 4).map((_, index) => checkoutOf('quick', index + 10))
  const answers = await Promise.all([
    ...corrected.map((checkout, index) => redrive(letters[index]!.id, checkout, waiting)),
    redrive(conflict!.id, undefined, waiting),
  ])
  expect(answers.map(({ status, body }) => [status, body['status']])).toEqual(
    answers.map(() => [200, 'classified']),
  )
  expect(answers.map(({ headers }) => headers.get('preference-applied'))).toEqual(
    answers.map(() => waiting.prefer),
  )
  const kinds = answers.map(({ body }) => (body['redriven'] as Body)['kind'])
  expect(kinds).toEqual(['quick', 'quick', 'quick', 'quick', 'slow'])

  // The same again, at both gateways, makes no other outcome.
  const again = await Promise.all(
    [0, 1, 0, 1].flatMap((gateway) =>
      [...corrected, undefined].map((checkout, index) => redrive(letters[index]!.id, checkout, {}, gateway)),
    ),
  )
  expect(again.map(({ status }) => status)).toEqual(again.map(() => 200))
  expect(again.every(({ headers }) => headers.get('idempotent-replayed') === 'true')).toBe(true)
  expect(again.some(({ headers }) => headers.has('preference-applied'))).toBe(false)

  const outcomes = await outcomesOf(...answers.map(({ body }) => body['eventId']))
  expect(outcomes).toHaveLength(5)
  expect(new Set(outcomes.map(({ redrive: done }) => done?.of))).toEqual(new Set(letters.map(({ id }) => id)))
  expect(outcomes.every(({ redrive: done }) => done?.by === operator.id)).toBe(true)
  const ofConflict = outcomes.find(({ redrive: done }) => done?.of === conflict?.id)
  expect(ofConflict).toMatchObject({ receivedAt: '2026-11-29T10:00:00.000Z', checkout: other })

  // The first outcome of each place stays, and the list says what became of it.
  expect(await outcomesOf(...letters.map(({ id }) => id))).toHaveLength(5)
  expect((await listed('&redriven=true')).map(({ id }) => id)).toEqual(
    expect.arrayContaining(letters.map(({ id }) => id)),
  )
  expect((await listed('&redriven=false')).map(({ id }) => id)).not.toContain(conflict?.id)
  const shown = (await call(`/dead-letters/${conflict?.id}`)).body['redriven'] as Body
  expect(shown).toMatchObject({ by: operator.id, kind: 'slow', outcome: ofConflict })
  // The owner of the event reads its outcome.
  const own = await call(`/checkout/${ofConflict?.eventId}`, { headers: shop.headers })
  expect(own.body['outcome']).toEqual(ofConflict)
}, 120_000)

test('two who send different bodies at once: one outcome, and the other is a dead letter that can be sent again', async () => {
  const letters = await makeDeadLetters(Array.from({ length: 10 }, (_, i) => `race ${i}`))
  const races = await Promise.all(
    letters.map(async (letter, i) => {
      const bodies = [checkoutOf('quick', 20 + i), checkoutOf('slow', 40 + i)]
      const answers = await Promise.all(
        bodies.map((checkout, gateway) => redrive(letter.id, checkout, waiting, gateway)),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 422]))
      const won = answers.findIndex(({ status }) => status === 200)
      const lost = answers[1 - won]?.body
      expect(lost).toMatchObject({ type: 'urn:problem-type:checkout:already-redriven' })
      expect(lost?.['detail']).toContain(`${operator.id} sent it again at `)
      const [, conflict] = / is the dead letter (\S+)$/.exec(String(lost?.['detail'])) ?? []
      return {
        letter,
        conflict,
        eventId: answers[won]?.body['eventId'],
        won: bodies[won],
        lost: bodies[1 - won],
      }
    }),
  )
  const outcomes = await outcomesOf(...races.map(({ eventId }) => eventId))
  expect(outcomes).toHaveLength(races.length)
  for (const { eventId, won } of races) {
    expect(outcomes.find((outcome) => outcome.eventId === eventId)?.checkout).toEqual(won)
  }

  // At least one was stored twice before either had an outcome.
  const { letter, conflict = '', lost } = races.find((race) => race.conflict !== undefined)!
  const { body } = await vi.waitFor(async () => {
    const found = await call(`/dead-letters/${conflict}`)
    expect(found.status).toBe(200)
    return found
  }, SOON)
  expect(body).toMatchObject({
    reason: 'idempotency-conflict',
    redrive: { of: letter.id, by: operator.id },
    payload: { text: JSON.stringify(lost) },
  })
  // Sent on purpose, it is an event of its own.
  const sent = await redrive(conflict, undefined, waiting)
  expect(sent.body).toMatchObject({ status: 'classified', redriven: { by: operator.id } })

  // Later, at any gateway, another body is refused.
  for (const gateway of [0, 1]) {
    const late = await redrive(letter.id, checkoutOf('quick', 22), {}, gateway)
    expect(late.body).toMatchObject({ status: 422, type: 'urn:problem-type:checkout:already-redriven' })
  }
}, 60_000)

test('one event id at equal offsets of two partitions: both conflicts are dead letters, and each is sent again once', async () => {
  const eventId = randomBytes(16).toString('hex')
  const [kept, lost] = [checkoutOf('quick', 50), checkoutOf('slow', 51)]
  const messages = [0, 1].flatMap((partition) =>
    [checkoutOf('none', 52 + partition), partition === 0 ? kept : lost].map((checkout) => ({
      partition,
      value: JSON.stringify(checkout),
      headers: { 'event-id': eventId },
    })),
  )
  const offset = await system().produce(async (producer) => {
    const stored = await producer.send({ topic: system().topics.data, messages })
    expect(new Set(stored.map(({ baseOffset }) => baseOffset)).size).toBe(1)
    return Number(stored[0]?.baseOffset) + 1
  })
  const ids = [0, 1].map((partition) => `${eventId}-conflict-${offset}-p${partition}`)
  const listedAt = async (url?: string) => {
    const response = await fetch(`${url}/dead-letters?limit=1000`, { headers: operator.headers })
    const { items } = (await response.json()) as { items: DeadLetter[] }
    return items.map(({ id }) => id).filter((id) => id.startsWith(`${eventId}-`))
  }
  for (const { url } of system().processors)
    await vi.waitFor(async () => expect((await listedAt(url)).toSorted()).toEqual(ids), SOON)
  const details = await Promise.all(ids.map((id) => call(`/dead-letters/${id}`)))
  expect(details.map(({ body }) => body['payload'])).toEqual(
    [kept, lost].map((checkout) => ({ text: JSON.stringify(checkout) })),
  )
  const ambiguous = await call(`/dead-letters/${eventId}-conflict-${offset}`)
  expect([ambiguous.status, ambiguous.body['detail']]).toEqual([404, expect.stringContaining(ids.join(', '))])

  const sent = await Promise.all(ids.map((id, gateway) => redrive(id, undefined, waiting, gateway)))
  expect(sent.map(({ status, body }) => [status, (body['redriven'] as Body)['kind']])).toEqual([
    [200, 'quick'],
    [200, 'slow'],
  ])
  const again = await Promise.all(ids.map((id) => redrive(id)))
  expect(again.every(({ headers }) => headers.get('idempotent-replayed') === 'true')).toBe(true)
  const outcomes = await outcomesOf(...sent.map(({ body }) => body['eventId']))
  expect(new Set(outcomes.map(({ redrive: done }) => done?.of))).toEqual(new Set(ids))
  expect(outcomes).toHaveLength(2)

  // Another processor builds its file from nothing.
  const [processor] = system().processors
  await processor!.child.kill('SIGKILL')
  rmSync(join(system().folder, 'processor-1'), { recursive: true })
  processor!.child.start()
  await processor!.ready()
  await vi.waitFor(async () => expect((await listedAt(processor!.url)).toSorted()).toEqual(ids), SOON)
}, 90_000)

test('a run over all that match, with a patch, in pages; run again, it sends nothing', async () => {
  const wrong = Array.from({ length: 25 }, (_, i) => ({ ...checkoutOf('none', i), edad: 200 + i }))
  const letters = await makeDeadLetters(wrong.map((checkout) => JSON.stringify(checkout)))
  const [since] = letters.map(({ at }) => at).toSorted()
  const run = { reason: ['invalid-checkout'], since, limit: 10, patch: { edad: 44 } }
  async function sendAll(body: Body) {
    const results: Body[] = []
    let pages = 0
    for (let cursor: unknown; cursor !== null; pages++) {
      const page = await post('/dead-letters/redrive', { ...body, ...(cursor ? { cursor } : {}) })
      expect(page.status, JSON.stringify(page.body)).toBe(200)
      results.push(...(page.body['results'] as Body[]))
      cursor = page.body['next']
    }
    return { results, pages }
  }
  const unchanged = await sendAll({ ...run, patch: {} })
  expect(unchanged.results.map(({ status }) => status)).toEqual(wrong.map(() => 422))

  const { results, pages } = await sendAll(run)
  expect(pages).toBe(3)
  expect(new Set(results.map(({ id }) => id))).toEqual(new Set(letters.map(({ id }) => id)))
  expect(results.map(({ status }) => status)).toEqual(wrong.map(() => 200))
  expect((await sendAll(run)).results).toEqual([])
  const eventIds = results.map(({ redriven }) => (redriven as Body)['eventId'])
  const outcomes = await outcomesOf(...eventIds)
  expect(outcomes).toHaveLength(25)
  expect(outcomes.map(({ checkout }) => checkout?.edad)).toEqual(wrong.map(() => 44))
}, 60_000)

test('who may not operate is refused; without personal the payload is withheld', async () => {
  const [letter] = await makeDeadLetters([JSON.stringify({ ...checkoutOf('none', 30), nombre: '' })])
  const path = `/dead-letters/${letter?.id}`
  for (const url of [...system().gateways, ...system().processors].map((instance) => instance.url)) {
    expect((await fetch(`${url}${path}`)).status).toBe(401)
    expect((await fetch(`${url}${path}`, { headers: shop.headers })).status).toBe(403)
    expect((await fetch(`${url}/dead-letters`, { headers: shop.headers })).status).toBe(403)
    const masked = await fetch(`${url}${path}`, { headers: watcher.headers })
    const text = await masked.text()
    expect(JSON.parse(text)).toMatchObject({
      withheld: ['key', 'payload'],
      faults: [{ pointer: '/nombre', code: 'missing' }],
    })
    expect(text).not.toContain('Morris')
    expect(await (await fetch(`${url}/dead-letters`, { headers: watcher.headers })).text()).not.toContain(
      'Morris',
    )
  }
  const statuses = await Promise.all(
    [{ authorization: '' }, shop.headers, watcher.headers].flatMap((headers) =>
      [`${path}/redrive`, '/dead-letters/redrive'].map(async (route) => {
        const { status } = await post(route, {}, headers)
        return status
      }),
    ),
  )
  expect(statuses).toEqual([401, 401, 403, 403, 403, 403])
}, 60_000)

test('limits and filters, from both sides', async () => {
  const statusOf = async (path: string) => (await call(path)).status
  expect(await statusOf('/dead-letters?limit=1000')).toBe(200)
  for (const query of [
    'limit=0',
    'limit=1001',
    'limit=1&limit=2',
    'cursor=AQ',
    'redriven=yes',
    'reasons=other',
  ]) {
    expect([query, await statusOf(`/dead-letters?${query}`)]).toEqual([query, 400])
  }
  const bulk = async (body: Body) =>
    (await post('/dead-letters/redrive', { reason: ['other'], ...body })).status
  expect([await bulk({ limit: 1 }), await bulk({ limit: 100 })]).toEqual([200, 200])
  expect([await bulk({ limit: 0 }), await bulk({ limit: 101 }), await bulk({ patches: {} })]).toEqual([
    422, 422, 422,
  ])

  // Pages are the list, and the newest is first.
  const all = await listed()
  const paged: DeadLetter[] = []
  for (let query = ''; ; ) {
    const { body } = await call(`/dead-letters?limit=7${query}`)
    paged.push(...(body['items'] as DeadLetter[]))
    if (body['next'] === null) break
    query = `&cursor=${body['next'] as string}`
  }
  expect(paged).toEqual(all)
  expect(all.map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  )
  const middle = all[Math.floor(all.length / 2)]!.at
  expect(await listed(`&since=${middle}`)).toEqual(all.filter(({ at }) => at >= middle))
  expect(await listed(`&until=${middle}`)).toEqual(all.filter(({ at }) => at < middle))
  expect(await listed('&reason=not-json')).toEqual(all.filter(({ reason }) => reason === 'not-json'))
}, 60_000)
