import { expect, test, vi } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import type { Timeline } from '../../backbone/timeline/timeline.ts'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels, follow } from '../testing/read-models.ts'
import type { ComposeTimeline } from './timeline-route.ts'

const readModels = createTestReadModels()
const EVENT = 'event-1-4'
const PATH = `/checkouts/${EVENT}/timeline`
const nothing: ComposeTimeline = async () => ({ steps: [], incomplete: [] })

async function openApp(composeTimeline = nothing, access?: Parameters<typeof createTestApp>[1]) {
  const readModel = readModels.open()
  await follow(readModel, 1, [4], () => ({ eventId: EVENT, owner: 'web' }))
  return { readModel, ...createTestApp(readModel, access, { composeTimeline }) }
}
const bodyOf = async (response: Response) => (await response.json()) as Timeline

test('is put together from the outcome and its position', async () => {
  const compose = vi.fn(nothing)
  const { get } = await openApp(compose)
  const timeline = await bodyOf(await get(PATH))
  expect(timeline).toMatchObject({ eventId: EVENT, status: 'classified', steps: [], incomplete: [] })
  expect(timeline.outcome?.checkout).toMatchObject({ nombre: 'Scarlett' })
  expect(compose.mock.calls[0]?.[0]).toMatchObject({ partition: 1, offset: 4, owner: 'web' })
})

test('waits for the outcome if the client prefers that', async () => {
  const { get, readModel } = await openApp()
  const waiting = get('/checkouts/event-2-0/timeline', { headers: { prefer: 'wait=20' } })
  await follow(readModel, 2, [0])
  const response = await waiting
  expect(response.headers.get('preference-applied')).toBe('wait=20')
  expect((await bodyOf(response)).eventId).toBe('event-2-0')
  expect((await get('/checkouts/event-2-1/timeline')).status).toBe(404)
})

test('its head is sent before Kafka has answered', async () => {
  const { get } = await openApp(() => new Promise(() => undefined))
  const { body } = await get(PATH)
  const reader = body!.getReader()
  const { value } = await reader.read()
  expect(Buffer.from(value ?? []).toString()).toMatch(
    /^\{"eventId":"event-1-4","status":"classified","outcome":\{/,
  )
})

test.each([
  ['ops', ['operate', 'read'], 404],
  ['web', ['operate', 'read'], 200],
  ['web', ['read', 'personal'], 403],
  ['web', ['operate'], 403],
] as const)('a key of %s with the scopes %j is answered %i', async (owner, scopes, status) => {
  const keys = createTestKeys()
  const { bearer } = keys.mint(owner, [...scopes])
  const { get } = await openApp(nothing, keys.open().access)
  const response = await get(PATH, { headers: { authorization: `Bearer ${bearer}` } })
  expect(response.status).toBe(status)
  if (status === 200) expect((await bodyOf(response)).outcome?.checkout).toMatchObject({ nombre: '***' })
})

test('one is read at a time, 20 wait, and another processor is asked for the next one', async () => {
  const begun: (() => void)[] = []
  const { get } = await openApp(async () => {
    await new Promise<void>((resolve) => begun.push(resolve))
    return { steps: [], incomplete: [] }
  })
  const responses = await Promise.all(Array.from({ length: 21 }, () => get(PATH)))
  expect(responses.map(({ status }) => status)).toEqual(Array(21).fill(200))
  expect((await get(PATH)).status).toBe(503)
  expect(begun).toHaveLength(1)
  for (const [index, response] of responses.entries()) {
    await vi.waitFor(() => expect(begun).toHaveLength(index + 1))
    begun[index]?.()
    expect((await bodyOf(response)).eventId).toBe(EVENT)
  }
  const next = get(PATH)
  await vi.waitFor(() => expect(begun).toHaveLength(22))
  begun[21]?.()
  expect((await next).status).toBe(200)
})
