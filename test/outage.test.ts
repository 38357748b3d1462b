import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { figuresRecordSchema } from '../backbone/figures/member-figures.ts'
import type { Timeline } from '../backbone/timeline/timeline.ts'
import { type KafkaCluster, startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog, type Watchdog } from '../deploy/watchdog.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { startSystem, type TestSystem } from './test-system.ts'
import { watchOperations } from './watch-operations.ts'

const PUBLISH_TIMEOUT_MS = 1_000

let folder: string
let watchdog: Watchdog
let kafka: KafkaCluster
let system: TestSystem

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'checkout-kafka-'))
  watchdog = startWatchdog(folder)
  kafka = await startKafka({ dataDir: join(folder, 'kafka'), brokers: 1, watchdog, log: console.error })
  system = await startSystem({
    brokers: kafka.bootstrap,
    gateways: 1,
    processors: 2,
    settings: { PUBLISH_TIMEOUT_MS: String(PUBLISH_TIMEOUT_MS) },
  })
})
afterAll(async () => {
  await system.stop()
  await watchdog.drain()
  rmSync(folder, { recursive: true, force: true })
})

const gateway = () => system.gateways[0]?.url

async function post(number: number) {
  const startedAt = performance.now()
  const response = await fetch(`${gateway()}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `order-${number}` },
    body: JSON.stringify(checkoutOf('quick', number)),
  })
  const { eventId } = (await response.json()) as { eventId?: string }
  return {
    status: response.status,
    headers: response.headers,
    eventId,
    tookMs: performance.now() - startedAt,
  }
}

const outcomeOf = (eventId: string) =>
  fetch(`${gateway()}/checkout/${eventId}`, { headers: { prefer: 'wait=20' } })

async function expectClassified(eventIds: string[]) {
  for (const eventId of eventIds) {
    const answer = (await (await outcomeOf(eventId)).json()) as { status: string; outcome?: { kind: string } }
    expect(answer).toMatchObject({ status: 'classified', outcome: { kind: 'quick' } })
  }
}

/** What the read model knows, within the time limit. */
async function expectPartialTimeline(eventId: string | undefined) {
  const askedAt = performance.now()
  const response = await fetch(`${gateway()}/checkouts/${eventId}/timeline`)
  const { steps, incomplete } = (await response.json()) as Timeline
  expect(performance.now() - askedAt).toBeLessThan(7_000)
  expect(steps.map(({ what }) => what)).toEqual(['received', 'stored', 'classified'])
  expect(steps.at(-1)?.where.process).toMatch(/^processor-[12]$/)
  expect(incomplete).toMatchObject([
    { reason: 'kafka-unavailable', what: expect.arrayContaining(['stored']) },
  ])
}

test('while Kafka is down buyers get 503 in time; all that got 202 is there afterwards, and nothing was restarted', async () => {
  const pids = [...system.gateways, ...system.processors].map(({ child }) => child.pid)
  const accepted: string[] = []
  let refused = 0
  const stopping = new AbortController()
  let number = 0
  const client = async () => {
    while (!stopping.signal.aborted) {
      const { status, headers, eventId, tookMs } = await post(number++)
      expect([202, 503]).toContain(status)
      if (status === 202 && eventId) accepted.push(eventId)
      if (status !== 503) continue
      refused += 1
      expect(headers.get('retry-after')).toMatch(/^\d+$/)
      expect(tookMs).toBeLessThan(PUBLISH_TIMEOUT_MS + 1_000)
    }
  }
  const watched = watchOperations(gateway() ?? '')
  const clients = Array.from({ length: 16 }, client)
  await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(200), { timeout: 20_000 })

  await kafka.brokers[0]?.child.kill('SIGKILL')
  await vi.waitFor(() => expect(refused).toBeGreaterThan(30), { timeout: 30_000 })
  expect((await fetch(`${gateway()}/health/ready`)).status).toBe(503)
  expect((await fetch(`${gateway()}/health/live`)).status).toBe(200)
  await expectPartialTimeline(accepted[0])
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-refused', 'kafka-unavailable']), {
    timeout: 30_000,
  })
  // The gateway knows what it answers; nobody knows what is classified.
  expect(watched.latest()).toMatchObject({ partial: false, kafka: null, outcomes: null, streams: null })
  expect(watched.latest()?.checkouts?.perSecond.purchase?.['503']).toBeGreaterThan(0)

  const before = accepted.length
  kafka.brokers[0]?.child.start()
  await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(before + 200), { timeout: 60_000 })
  stopping.abort()
  await Promise.all(clients)
  await Promise.all([...system.gateways, ...system.processors].map((instance) => instance.ready()))
  await expectClassified(accepted)
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-get-through']), { timeout: 30_000 })
  await watched.stop()
  const seen = watched.states.flatMap(({ verdicts }) => verdicts.map(({ code }) => code))
  // Nobody was silent: figures could not arrive.
  expect(seen).not.toContain('member-silent')
  expect([...system.gateways, ...system.processors].map(({ child }) => child.pid)).toEqual(pids)
}, 180_000)

test('the gateway tells of the outage, and the figures of all processes go on after it', async () => {
  const names = [...system.gateways, ...system.processors].map(({ child }) => child.name)
  await vi.waitFor(
    async () => {
      const records = (await readTopic(system.brokers, system.topics.figures)).map(({ value }) =>
        figuresRecordSchema.parse(JSON.parse(value)),
      )
      const outage = records.filter((record) => record.is === 'event' && record.code.startsWith('kafka-'))
      const [began, ended] = outage.filter((event) => 'member' in event && event.member === 'gateway-1')
      expect([began, ended]).toMatchObject([{ code: 'kafka-unavailable' }, { code: 'kafka-back' }])
      const later = records.filter(({ is, at }) => is === 'figures' && at > (ended?.at ?? 0))
      expect(new Set(later.map((record) => 'member' in record && record.member))).toEqual(new Set(names))
    },
    { timeout: 60_000, interval: 1_000 },
  )
}, 90_000)

test('while every processor is down checkouts are accepted; their outcomes come when one is back', async () => {
  await Promise.all(system.processors.map(({ child }) => child.kill('SIGKILL')))
  const answers = []
  for (let number = 0; number < 50; number++) answers.push(await post(1_000_000 + number))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
  const ids = answers.flatMap(({ eventId }) => eventId ?? [])
  expect(await (await outcomeOf(ids[0] ?? '')).json()).toEqual({ status: 'accepted' })
  const list = await fetch(`${gateway()}/notifications`)
  expect(list.status).toBe(503)
  expect(await list.json()).toMatchObject({ type: 'urn:problem-type:checkout:results-unavailable' })

  for (const { child } of system.processors) child.start()
  await system.processors[0]?.ready()
  await expectClassified(ids)
}, 120_000)
