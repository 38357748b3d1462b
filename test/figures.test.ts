import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test, vi } from 'vitest'
import {
  type AnsweredLane,
  type FiguresRecord,
  figuresRecordSchema,
  type MemberFigures,
} from '../backbone/figures/member-figures.ts'
import { type Lane, laneOf } from '../backbone/records/partition.ts'
import { createTestRandom } from '../processor/testing/random.ts'
import { checkoutKinds, checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import type { Instance } from './test-system.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 30_000, interval: 200 }
const FROZEN_MS = 5_000

const system = useSystem({ gateways: 2, processors: 1 })
type Counts = Partial<Record<AnsweredLane, Record<string, number>>>

/** What a client of the gateways counted. */
const counted: Counts = {}
const accepted = new Set<string>()
let records: { key: string; headers: string; record: FiguresRecord }[]

function count(lane: AnsweredLane, status: number, eventId?: string) {
  const byStatus = (counted[lane] ??= {})
  byStatus[status] = (byStatus[status] ?? 0) + 1
  if (eventId !== undefined) accepted.add(eventId)
}

const random = createTestRandom()
const sound = () => checkoutOf(random.oneOf('quick', 'slow', 'none', 'unverified'), random.below(10_000))

interface TestRequest {
  path: string
  body: string
  /** Of each of its checkouts, as far as the gateway can know it. */
  lanes: AnsweredLane[]
  headers?: Record<string, string>
}

const requests: (() => TestRequest)[] = [
  () => {
    const checkout = sound()
    return { path: '/checkout', body: JSON.stringify(checkout), lanes: [laneOf(checkout)] }
  },
  () => {
    const checkouts = Array.from({ length: 1 + random.below(9) }, sound)
    const faulty = random.chance(0.5) ? [{ ...sound(), edad: -1 }] : []
    return {
      path: '/checkout/batch',
      body: JSON.stringify([...checkouts, ...faulty]),
      lanes: [...checkouts.map(laneOf), ...faulty.map(() => 'unknown' as const)],
    }
  },
  () => ({ path: '/checkout', body: JSON.stringify({ ...sound(), edad: 131 }), lanes: ['unknown'] }),
  () => ({ path: '/checkout', body: '{"id":', lanes: ['unknown'] }),
  () => ({ path: '/checkout', body: JSON.stringify({ more: 'x'.repeat(70_000) }), lanes: ['unknown'] }),
  () => ({ path: '/checkout/batch', body: '[]', lanes: ['purchase'], headers: { priority: 'u=1' } }),
  () => ({ path: '/checkout/batch', body: '[{}, 7]', lanes: ['unknown', 'unknown'] }),
]

interface Result {
  status: number
  accepted?: { eventId: string; lane: Lane }
}

async function send(gateway: string, request: TestRequest) {
  const { path, body, lanes, headers } = request
  const response = await fetch(`${gateway}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const answer = (await response.json()) as { eventId?: string; results?: Result[] }
  if (!answer.results) return count(lanes[0] ?? 'unknown', response.status, answer.eventId)
  for (const [index, { status, accepted: stored }] of answer.results.entries())
    count(lanes[index] ?? 'unknown', status, stored?.eventId)
}

/** The same checkout at two gateways: two records, one outcome. */
async function sendTwice() {
  const checkout = checkoutOf('quick', 1)
  const headers = { 'idempotency-key': 'sent-twice' }
  for (const { url } of system().gateways)
    await send(url, { path: '/checkout', body: JSON.stringify(checkout), lanes: ['purchase'], headers })
}

const signal = ({ child }: Instance, name: 'SIGSTOP' | 'SIGCONT') => process.kill(child.pid ?? 0, name)

const metric = async (url: string, name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}

beforeAll(async () => {
  const [gateway, other] = system().gateways
  const [processor] = system().processors
  if (!gateway || !other || !processor) throw new Error('the system is incomplete')
  const leaving = new AbortController()
  const stream = await fetch(`${other.url}/notifications/stream`, { signal: leaving.signal })
  stream.text().catch(() => undefined)
  const load = Array.from({ length: 300 }, () => random.oneOf(requests[0], ...requests)?.())
  for (const request of load) if (request) await send(random.oneOf(gateway, other).url, request)
  await sendTwice()
  for (const eventId of accepted)
    await fetch(`${gateway.url}/checkout/${eventId}`, { headers: { prefer: 'wait=20' } })
  await vi.waitFor(
    async () => expect(await metric(processor.url, 'checkout_repetitions_total')).toBe(1),
    SOON,
  )

  signal(processor, 'SIGSTOP')
  await sleep(FROZEN_MS)
  signal(processor, 'SIGCONT')
  await processor.ready()
  // Each has its own probes.
  for (const { url } of [gateway, other])
    await vi.waitFor(async () => expect(await metric(url, 'checkout_processors_answering')).toBe(1), SOON)
  leaving.abort()
  await Promise.all([gateway, other, processor].map(({ child }) => child.kill('SIGTERM')))
  records = (await readTopic(system().brokers, system().topics.figures)).map(({ key, headers, value }) => ({
    key,
    headers,
    record: figuresRecordSchema.parse(JSON.parse(value)),
  }))
}, 120_000)

const figuresOf = (member: string): MemberFigures[] =>
  records.flatMap(({ record }) => (record.is === 'figures' && record.member === member ? record : []))

const lastOf = (member: string): MemberFigures => {
  const last = figuresOf(member).at(-1)
  if (!last) throw new Error(`${member} published no figures`)
  return last
}

const eventsOf = (member: string) =>
  records.flatMap(({ record }) => (record.is === 'event' && record.member === member ? record : []))

const eventCodes = (member: string) => eventsOf(member).map(({ code }) => code)

const sum = (counts: Record<string, number> = {}) =>
  Object.values(counts).reduce((total, each) => total + each, 0)

test('the answers of the gateways are those that their clients counted, by lane and status', () => {
  const published: Counts = {}
  for (const { gateway } of [lastOf('gateway-1'), lastOf('gateway-2')])
    for (const [lane, byStatus] of Object.entries(gateway?.answers ?? {}))
      for (const [status, answers] of Object.entries(byStatus)) {
        const counts = (published[lane as AnsweredLane] ??= {})
        counts[status] = (counts[status] ?? 0) + answers
      }
  expect(published).toEqual(counted)
  expect(Object.keys(counted.unknown ?? {}).toSorted()).toEqual(['400', '413', '422'])
  for (const member of ['gateway-1', 'gateway-2']) {
    const { gateway } = lastOf(member)
    for (const lane of ['purchase', 'browse'] as const)
      expect(sum(gateway?.latency[lane])).toBe(gateway?.answers[lane]?.[202])
  }
})

test('the outcomes of the processor are those of all accepted checkouts', () => {
  const { processor } = lastOf('processor-1')
  expect(sum(processor?.outcomes)).toBe(accepted.size)
  expect(Object.keys(processor?.outcomes ?? {}).toSorted()).toEqual([...checkoutKinds].toSorted())
  // After the pause it may have read the repetition again.
  expect(figuresOf('processor-1').find((own) => own.processor?.repetitions)?.processor?.repetitions).toBe(1)
  expect(sum(processor?.delay)).toBe(accepted.size)
  const owning = figuresOf('processor-1').flatMap(({ processor: own }) =>
    own?.partitions.length === 6 ? own.partitions : [],
  )
  expect(new Set(owning.map(({ partition }) => partition)).size).toBe(6)
  const positions = owning.slice(-6).map(({ next }) => next)
  expect(positions.reduce((total, next) => total + next, 0)).toBe(accepted.size + 1)
})

test('figures come once a second with one key for each run, never decrease, and the last ones say that they are', () => {
  for (const { member } of [lastOf('gateway-1'), lastOf('gateway-2'), lastOf('processor-1')]) {
    const own = figuresOf(member)
    expect(own.map(({ ends }) => ends)).toEqual([...own.slice(1).map(() => undefined), true])
    const times = own.slice(0, -1).map(({ at }) => at)
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThan(500)
    const totals = own.map(({ gateway, processor }) =>
      gateway
        ? Object.values(gateway.answers).reduce((all, each) => all + sum(each), 0)
        : sum(processor?.delay),
    )
    expect(totals).toEqual(totals.toSorted((a, b) => a - b))
  }
  const keys = new Set(records.flatMap(({ key, record }) => (record.is === 'figures' ? key : [])))
  expect([...keys].map((key) => key.replace(/\/\w+$/, '')).toSorted()).toEqual([
    'gateway/gateway-1',
    'gateway/gateway-2',
    'processor/processor-1',
  ])
})

test('each record says which system wrote it', () => {
  expect(new Set(records.map(({ headers }) => headers))).toEqual(
    new Set([`data-topic:${system().topics.data}`]),
  )
})

test('events tell the life of a processor, and that it was frozen', () => {
  expect(eventCodes('processor-1')[0]).toBe('started')
  expect(eventCodes('processor-1')).toContain('stopping')
  for (const code of ['partition-claimed', 'partition-released'] as const) {
    const partitions = eventsOf('processor-1').flatMap((event) =>
      event.code === code ? event.details.partitions.split(', ').map(Number) : [],
    )
    expect(new Set(partitions)).toEqual(new Set([0, 1, 2, 3, 4, 5]))
  }
  const pauses = eventsOf('processor-1').flatMap((event) =>
    event.code === 'paused' ? event.details.seconds : [],
  )
  expect(pauses).toHaveLength(1)
  expect(pauses[0]).toBeGreaterThanOrEqual(FROZEN_MS / 1_000)
})

test('gateways tell that a processor was silent, and that it is back', () => {
  const { gateway } = lastOf('gateway-1')
  const url = gateway?.processors[0]?.url
  expect(url).toBe(system().processors[0]?.url)
  for (const member of ['gateway-1', 'gateway-2']) {
    const events = eventsOf(member).filter(({ code }) => code.startsWith('processor-'))
    expect(events.slice(0, 2)).toMatchObject([
      { code: 'processor-silent', details: { processor: url } },
      { code: 'processor-back', details: { processor: url } },
    ])
    expect(figuresOf(member).some((own) => own.gateway?.processors[0]?.answers === false)).toBe(true)
    expect(figuresOf(member).some(({ faults }) => faults.some(({ check }) => check === 'processors'))).toBe(
      true,
    )
  }
  expect(figuresOf('processor-1').some(({ processor }) => processor?.streams === 1)).toBe(true)
})
