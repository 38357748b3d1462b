import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type KafkaCluster, startKafka } from '../../deploy/kafka/start-kafka.ts'
import { freePorts } from '../../deploy/ports.ts'
import { startWatchdog, type Watchdog } from '../../deploy/watchdog.ts'
import { checkoutOf } from '../../test/checkouts.ts'
import { readTopic } from '../../test/read-topic.ts'
import { createGateways } from '../../test/run-gateway.ts'
import type { Accepted } from '../checkout/accept-checkout.ts'

const PUBLISH_TIMEOUT_MS = 1_000

let folder: string
let watchdog: Watchdog
let port: number
let gateways: ReturnType<typeof createGateways>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'checkout-outage-'))
  watchdog = startWatchdog(folder)
  port = (await freePorts(1))[0] ?? 0
  gateways = createGateways([`127.0.0.1:${port}`])
})
afterAll(async () => {
  await gateways.stop()
  await watchdog.drain()
  rmSync(folder, { recursive: true, force: true })
})

const more = async (list: unknown[], count: number) => {
  const enough = list.length + count
  await vi.waitFor(() => expect(list.length).toBeGreaterThan(enough), { timeout: 60_000 })
}

test('Kafka may come after the gateway, go and come back: whatever was answered 202 is where it was said to be', async () => {
  const gateway = await gateways.start({ PUBLISH_TIMEOUT_MS: String(PUBLISH_TIMEOUT_MS) })
  const accepted: Accepted[] = []
  const refusals: { status: number; retryAfter: string | null; ms: number }[] = []
  const stopping = new AbortController()

  async function client() {
    for (let number = 0; !stopping.signal.aborted; number++) {
      const start = performance.now()
      const response = await gateway.post(checkoutOf('quick', number))
      if (response.status === 202) accepted.push((await response.json()) as Accepted)
      else {
        const ms = performance.now() - start
        refusals.push({ status: response.status, retryAfter: response.headers.get('retry-after'), ms })
        await response.text()
      }
    }
  }
  const health = async () => [
    (await fetch(`${gateway.url}/health/live`)).status,
    (await fetch(`${gateway.url}/health/ready`)).status,
  ]

  expect(await health()).toEqual([200, 503])
  const clients = Array.from({ length: 8 }, client)
  await more(refusals, 10)

  const kafka: KafkaCluster = await startKafka({
    dataDir: join(folder, 'kafka'),
    brokers: 1,
    port,
    watchdog,
    log: () => undefined,
  })
  const broker = kafka.brokers[0]?.child
  await more(accepted, 200)
  expect(await health()).toEqual([200, 200])

  await broker?.kill('SIGKILL')
  await more(refusals, 20)
  expect(await health()).toEqual([200, 503])

  broker?.start()
  await more(accepted, 200)
  stopping.abort()
  await Promise.all(clients)
  await gateway.ready()
  expect(gateway.child.exitCode).toBeNull()

  expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([503]))
  expect(refusals.every(({ retryAfter }) => /^\d+$/.test(retryAfter ?? ''))).toBe(true)
  expect(Math.max(...refusals.map(({ ms }) => ms))).toBeLessThan(PUBLISH_TIMEOUT_MS + 1_000)

  const stored = new Map(
    (await readTopic([`127.0.0.1:${port}`], gateways.topic)).map(({ partition, offset, headers }) => [
      `${partition}/${offset}`,
      headers,
    ]),
  )
  const missing = accepted.filter(
    ({ partition, offset, eventId }) => !stored.get(`${partition}/${offset}`)?.includes(eventId),
  )
  expect(missing).toEqual([])
}, 240_000)
