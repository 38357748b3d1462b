import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { checkoutOf } from './checkouts.ts'
import { openEventStream } from './event-stream.ts'
import { type Instance, startSystem, type TestSystem } from './test-system.ts'

const CLIENT_PATIENCE_MS = 5_000
const READERS = 4
const SOON = { timeout: 30_000 }
const PAGES = 'http_request_duration_seconds_count{method="GET",route="/notifications",status="200"}'

let system: TestSystem
const frozen = new Set<Instance>()
const gateway = () => system.gateways[0]?.url ?? ''

beforeAll(async () => {
  system = await startSystem({ brokers: inject('kafkaBrokers'), processors: 2, gateways: 1 })
})
afterAll(async () => {
  for (const instance of frozen) signal(instance, 'SIGCONT')
  await system.stop()
})

function signal(instance: Instance, name: 'SIGSTOP' | 'SIGCONT') {
  if (name === 'SIGSTOP') frozen.add(instance)
  else frozen.delete(instance)
  if (instance.child.pid !== undefined) process.kill(instance.child.pid, name)
}

const metric = async (url: string, name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}

async function post(number: number): Promise<string> {
  const response = await fetch(`${gateway()}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(checkoutOf('quick', number)),
  })
  expect(response.status).toBe(202)
  return ((await response.json()) as { eventId: string }).eventId
}

const postAll = (from: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => post(from + i)))

/** Follows the stream of notifications like a browser, and resumes with the last id after each end. */
function follow() {
  const stopping = new AbortController()
  const seen: string[] = []
  let ends = 0
  let lastId: string | undefined
  let current = openEventStream(`${gateway()}/notifications/stream?from=earliest`, lastId)
  const reading = (async () => {
    while (!stopping.signal.aborted) {
      for await (const { event, data } of current.events())
        if (event === 'notification') seen.push((JSON.parse(data) as { eventId: string }).eventId)
      ends += 1
      lastId = current.lastId()
      current = openEventStream(`${gateway()}/notifications/stream`, lastId)
    }
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })
  return {
    seen,
    ends: () => ends,
    async stop() {
      stopping.abort()
      current.cut()
      await reading
    },
  }
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(CLIENT_PATIENCE_MS) })
  await response.arrayBuffer()
  return response.status
}

/** Clients that read results one after the other, with a timeout of 5 s. */
function readOn(eventId: string) {
  const stopping = new AbortController()
  const failures: string[] = []
  let reads = 0
  const paths = ['/notifications?limit=5', `/checkout/${eventId}`]
  const clients = Array.from({ length: READERS }, async () => {
    while (!stopping.signal.aborted) {
      const path = paths[reads++ % paths.length] ?? ''
      const status = await statusOf(gateway() + path).catch(String)
      if (status !== 200) failures.push(`${path}: ${status}`)
    }
  })
  return {
    failures,
    reads: () => reads,
    async stop() {
      stopping.abort()
      await Promise.all(clients)
    },
  }
}

/** Lines of the gateway's log about processors. */
const changes = () => {
  const lines = system.gateways[0]?.log().split('\n') ?? []
  return lines
    .filter((line) => line.startsWith('{') && line.includes('"processor":'))
    .map((line) => (JSON.parse(line) as { msg: string }).msg)
}

const check = async () => {
  const response = await fetch(`${gateway()}/health/ready`)
  const { checks } = (await response.json()) as { checks: { name: string; status: string }[] }
  return { ready: response.status, ...checks.find(({ name }) => name === 'processors') }
}

test('a frozen processor fails no read, its streams move to the other, and operators are notified', async () => {
  // Waits until both have responded: they start at the same time as the gateway.
  await vi.waitFor(async () => expect(await metric(gateway(), 'checkout_processors_answering')).toBe(2), SOON)
  const before = await postAll(0, 30)
  for (const id of before) {
    const response = await fetch(`${gateway()}/checkout/${id}`, { headers: { prefer: 'wait=30' } })
    expect(response.status).toBe(200)
  }
  const stream = follow()
  await vi.waitFor(() => expect(stream.seen).toHaveLength(before.length), SOON)
  const open = await Promise.all(system.processors.map(({ url }) => metric(url, 'checkout_streams_open')))
  const victim = system.processors[open.indexOf(1)]
  if (!victim) throw new Error(`no processor has the stream: ${open.join(', ')}`)
  const linesBefore = changes().length

  const readers = readOn(before[0] ?? '')
  await vi.waitFor(() => expect(readers.reads()).toBeGreaterThan(100), SOON)
  signal(victim, 'SIGSTOP')
  await vi.waitFor(async () => expect(await check()).toMatchObject({ status: 'warn' }), SOON)
  expect(await check()).toEqual({
    ready: 200,
    name: 'processors',
    status: 'warn',
    detail: `1 of 2 processors does not respond: ${victim.url}`,
  })
  expect(await metric(gateway(), 'checkout_processors_answering')).toBe(1)
  await vi.waitFor(() => expect(stream.ends()).toBe(1), SOON)
  // Its partitions move to the other one when its session in the group has expired.
  const during = await postAll(100, 30)
  const all = [...before, ...during].toSorted()
  await vi.waitFor(() => expect(stream.seen.toSorted()).toEqual(all), SOON)

  signal(victim, 'SIGCONT')
  await vi.waitFor(async () => expect(await check()).toMatchObject({ status: 'pass' }), SOON)
  expect(await metric(gateway(), 'checkout_processors_answering')).toBe(2)
  const servedBefore = await metric(victim.url, PAGES)
  await vi.waitFor(async () => expect(await metric(victim.url, PAGES)).toBeGreaterThan(servedBefore), SOON)
  await readers.stop()
  await stream.stop()
  expect(readers.failures).toEqual([])
  expect(changes().slice(linesBefore)).toEqual([
    `Processor ${victim.url} does not respond: reads go to the others`,
    `Processor ${victim.url} responds: it serves reads`,
  ])
}, 120_000)
