import { afterAll, expect, test, vi } from 'vitest'
import { signToken } from '../backbone/access/signed-token.ts'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { Incomplete, Timeline, TimelineStep } from '../backbone/timeline/timeline.ts'
import { checkoutOf } from './checkouts.ts'
import { openEventStream } from './event-stream.ts'
import { useSystem } from './use-system.ts'

const keys = createTestKeys()
const shop = keys.mint('web', ['write', 'read'])
const operator = keys.mint('web', ['operate', 'read'])
const system = useSystem({ gateways: 1, processors: 2, settings: { API_KEYS_FILE: keys.path } })
const gateway = () => system().gateways[0]?.url ?? ''
const processor = (number: 1 | 2) => {
  const found = system().processors[number - 1]
  if (!found) throw new Error('there are two')
  return found
}
const SOON = { timeout: 30_000, interval: 200 }
let frozen: number | undefined
afterAll(thaw)

function thaw() {
  if (frozen !== undefined) process.kill(frozen, 'SIGCONT')
  frozen = undefined
}

async function post(number: number, headers: Record<string, string> = {}) {
  const checkout = checkoutOf('quick', number)
  const response = await fetch(`${gateway()}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...shop.headers, ...headers },
    body: JSON.stringify(checkout),
  })
  const { eventId } = (await response.json()) as { eventId: string }
  return { eventId, status: response.status, customer: checkout.id }
}

async function tokenOf(customer: string): Promise<Record<string, string>> {
  const expiresAt = Math.floor(Date.now() / 1_000) + 600
  const token = await signToken(shop.id, shop.hash, { scopes: new Set(['read']), customer, expiresAt })
  return { authorization: `Bearer ${token}` }
}

async function timelineOf(eventId: string, url = gateway()): Promise<Timeline> {
  const headers = { ...operator.headers, prefer: 'wait=20' }
  const response = await fetch(`${url}/checkouts/${eventId}/timeline`, { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as Timeline
}

const deliveriesIn = ({ steps }: { steps: TimelineStep[] }) =>
  steps.flatMap((step) =>
    step.what === 'streamed' || step.what === 'read' ? [`${step.what} ${step.to} ${step.where.process}`] : [],
  )
const missing = ({ incomplete }: { incomplete: Incomplete[] }) =>
  incomplete.map(({ reason, detail }) => `${reason} ${detail}`)

/** Streamed to its customer at the first processor, then read by the shop at the second. */
async function deliver(number: number) {
  const { eventId, customer } = await post(number)
  const ofCustomer = await tokenOf(customer)
  const stream = openEventStream(
    `${processor(1).url}/notifications/stream?from=earliest`,
    undefined,
    ofCustomer,
  )
  for await (const { event } of stream.events()) if (event === 'notification') break
  stream.cut()
  const headers = { ...shop.headers, prefer: 'wait=20' }
  expect((await fetch(`${processor(2).url}/checkout/${eventId}`, { headers })).status).toBe(200)
  return eventId
}

test('what each processor has sent is in one timeline, in order', async () => {
  const before = Date.now()
  const eventId = await deliver(6_001)
  const timeline = await timelineOf(eventId)
  expect(deliveriesIn(timeline)).toEqual(['streamed customer processor-1', 'read for-customer processor-2'])
  expect(timeline.steps.slice(-2).map(({ what }) => what)).toEqual(['streamed', 'read'])
  expect(missing(timeline)).toEqual([])
  expect(Date.parse(timeline.deliveriesSince?.customers ?? '')).toBeLessThan(before)
  for (const { at } of timeline.steps.slice(-2)) {
    expect(Date.parse(at ?? '')).toBeGreaterThanOrEqual(Date.parse(timeline.outcome?.classifiedAt ?? ''))
    expect(Date.parse(at ?? '')).toBeLessThanOrEqual(Date.now())
  }
  expect(deliveriesIn(await timelineOf(eventId, processor(1).url))).toEqual(['streamed customer processor-1'])
})

test('the answer to a POST that waits is one, to look at a timeline is none', async () => {
  const untold = await post(6_002)
  expect(untold.status).toBe(202)
  await timelineOf(untold.eventId)
  expect(deliveriesIn(await timelineOf(untold.eventId))).toEqual([])
  const told = await post(6_003, { prefer: 'wait=20' })
  expect(told.status).toBe(200)
  expect(deliveriesIn(await timelineOf(told.eventId))).toEqual([
    expect.stringMatching(/^read for-customer processor-[12]$/),
  ])
})

test('after a restart, and of a processor that is frozen, it says what is not known', async () => {
  const eventId = await deliver(6_004)
  const second = processor(2)
  await second.child.kill('SIGKILL')
  second.child.start()
  await second.ready()
  await vi.waitFor(async () => {
    const timeline = await timelineOf(eventId)
    expect(missing(timeline)).toEqual([
      expect.stringMatching(/^deliveries-forgotten processor-2 remembers deliveries since [\dT:.Z-]+$/),
    ])
    expect(deliveriesIn(timeline)).toEqual(['streamed customer processor-1'])
  }, SOON)

  frozen = second.child.pid
  if (frozen !== undefined) process.kill(frozen, 'SIGSTOP')
  const timeline = await timelineOf(eventId)
  thaw()
  expect(deliveriesIn(timeline)).toEqual(['streamed customer processor-1'])
  expect(missing(timeline)).toEqual([`processor-silent ${second.url}: no answer within 1000 ms`])
}, 90_000)
