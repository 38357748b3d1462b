import { expect, test } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { openEventStream } from './event-stream.ts'
import { readTopic } from './read-topic.ts'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'
import { useSystem } from './use-system.ts'

const QUICK = `Estimad@ Scarlett,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Colchón de espuma viscoelástica' en nuestra tienda en línea de Falabella. Tu número de folio es: SRZ-5509, donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.

Saludos.`

const SLOW = `Estimad@ Scarlett,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Colchón de espuma viscoelástica' en nuestra tienda en línea de Falabella. Tu número de folio es: SRZ-5510, si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.

Saludos.`

const system = useSystem({ gateways: 1, processors: 2 })

const url = (path: string) => `${system().gateways[0]?.url}${path}`

async function post(body: unknown): Promise<{ eventId: string }> {
  const response = await fetch(url('/checkout'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(202)
  const answer = (await response.json()) as { eventId: string }
  expect(response.headers.get('location')).toBe(`/checkout/${answer.eventId}`)
  return answer
}

async function outcomeOf(eventId: string): Promise<Outcome> {
  const response = await fetch(url(`/checkout/${eventId}`), { headers: { prefer: 'wait=20' } })
  expect(response.headers.get('preference-applied')).toBe('wait=20')
  const answer = (await response.json()) as { status: string; outcome: Outcome }
  expect(answer.status).toBe('classified')
  return answer.outcome
}

const items = async (query: string) => {
  const response = await fetch(url(`/notifications?${query}`))
  return ((await response.json()) as { items: Outcome[] }).items
}

test('the samples come back over REST and the stream with their messages, word for word', async () => {
  const stream = openEventStream(url('/notifications/stream'), undefined)
  const events = stream.events()
  const firstEvent = events.next()
  await expect.poll(() => stream.lastId()).toBeDefined()

  const notBought = await post(didNotBuy)
  expect(await outcomeOf(notBought.eventId)).toMatchObject({
    kind: 'none',
    message: null,
    checkout: didNotBuy,
  })
  const quick = await post(boughtQuickly)
  const outcome = await outcomeOf(quick.eventId)
  expect(outcome).toMatchObject({ kind: 'quick', message: QUICK, checkout: boughtQuickly })
  const slow = await post({ ...boughtQuickly, taps: 30.0001, folio: 'SRZ-5510' })
  expect((await outcomeOf(slow.eventId)).message).toBe(SLOW)

  // The stream contains the two purchases only, and nothing before them.
  const [first, second] = [await firstEvent, await events.next()]
  stream.cut()
  const streamed = [first, second].map(({ value }) => JSON.parse(value?.data ?? '') as Outcome)
  expect(new Set(streamed.map(({ message }) => message))).toEqual(new Set([QUICK, SLOW]))
  expect(streamed.find(({ kind }) => kind === 'quick')).toEqual(outcome)

  expect(await items(`customer=${boughtQuickly.id}`)).toHaveLength(2)
  expect(await items(`customer=${didNotBuy.id}`)).toEqual([])
  expect(await items(`customer=${didNotBuy.id}&kind=none`)).toHaveLength(1)
})

test.each([
  [{ taps: 30 }, 'quick'],
  [{ taps: 30.0001 }, 'slow'],
  [{ taps: 0, folio: null }, 'none'],
  [{ taps: null, folio: null }, 'none'],
  [{ taps: '', folio: null }, 'none'],
  [{ taps: undefined, folio: undefined }, 'none'],
  [{ taps: null }, 'unverified'],
  [{ taps: 12, folio: null }, 'unverified'],
])('%j is %s', async (facts, kind) => {
  const { eventId } = await post({ ...checkoutOf('quick', 1), ...facts })
  const outcome = await outcomeOf(eventId)
  expect(outcome.kind).toBe(kind)
  expect(outcome.message === null).toBe(kind === 'none' || kind === 'unverified')
})

test('faults are named all at once, by pointer, and nothing is stored', async () => {
  const checkout = { ...checkoutOf('quick', 1), taps: -1, folio: 'srz-1', email: 'nobody', edad: 131 }
  const response = await fetch(url('/checkout'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(checkout),
  })
  expect(response.status).toBe(422)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const { errors } = (await response.json()) as { errors: { pointer: string }[] }
  expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual(['/edad', '/email', '/folio', '/taps'])
  expect(await items(`customer=${checkout.id}&kind=quick,slow,none,unverified,invalid`)).toEqual([])
})

test('a batch and a checkout with Prefer: wait have outcomes like any other; slow ones get a follow-up', async () => {
  const slow = { ...checkoutOf('quick', 2), taps: 45.5 }
  const waited = await fetch(url('/checkout'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=20' },
    body: JSON.stringify(slow),
  })
  expect([waited.status, waited.headers.get('preference-applied')]).toEqual([200, 'wait=20'])
  const { eventId, outcome } = (await waited.json()) as { eventId: string; outcome: Outcome }
  expect(outcome).toEqual(await outcomeOf(eventId))
  expect(outcome.kind).toBe('slow')

  const batch = await fetch(url('/checkout/batch'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': '"batch"' },
    body: [checkoutOf('quick', 3), { ...checkoutOf('quick', 4), folio: null }]
      .map((checkout) => JSON.stringify(checkout))
      .join('\n'),
  })
  expect(batch.status).toBe(202)
  const { results } = (await batch.json()) as { results: { accepted: { eventId: string } }[] }
  const kinds = results.map(async ({ accepted }) => (await outcomeOf(accepted.eventId)).kind)
  expect(await Promise.all(kinds)).toEqual(['quick', 'unverified'])

  const followedUp = await readTopic(system().brokers, system().topics.followUp)
  const ours = followedUp.filter(({ key }) => key === eventId || key === results[1]?.accepted.eventId)
  expect(ours).toHaveLength(2)
  expect(JSON.parse(ours.find(({ key }) => key === eventId)?.value ?? '')).toEqual(outcome)
  expect(followedUp.some(({ key }) => key === results[0]?.accepted.eventId)).toBe(false)
}, 60_000)
