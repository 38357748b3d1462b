import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Admin, ConfigResourceTypes } from 'kafkajs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { Child } from '../deploy/child.ts'
import { rows } from '../deploy/grafana/panels.ts'
import type { Broker } from '../deploy/kafka/broker.ts'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { checkoutOf } from './checkouts.ts'
import { faster, startPrometheus } from './prometheus.ts'
import { prometheusTools } from './prometheus-tools.ts'
import { alerts, onlyByPromtool } from './read-rules.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const SOON = { timeout: 60_000, interval: 200 }
const BROKERS = 3
const DAY_MS = 86_400_000
/** On a machine with too much other work these are right. */
const ABOUT_TIME =
  /^(?:AnswersSlow|CheckoutProcessDown|ConsumerLagHigh|NotificationsLate|OutcomesStale|ProcessorsNotAnswering) /
const panels = rows.flatMap((row) => row.panels)
/** No query that reads these has data on a new system. */
const UNKNOWN_YET = [
  'checkout_expected_',
  'checkout_forecast_',
  'checkout_capacity_',
  'offset 1d',
  'lane="browse"',
]

const keys = createTestKeys()
const shop = keys.mint('shop', ['write', 'read', 'personal'])
const operator = keys.mint('operator', ['operate'])
const folder = mkdtempSync(join(tmpdir(), 'checkout-alerts-'))
const watchdog = startWatchdog(folder)
let brokers: Broker[]
let system: TestSystem
let admin: Admin
let prometheus: Awaited<ReturnType<typeof startPrometheus>>
const everFired = new Set<string>()
const frozen = new Set<Child>()
const closes: (() => Promise<void>)[] = []

beforeAll(async () => {
  const kafka = await startKafka({ dataDir: folder, brokers: BROKERS, watchdog, log: () => undefined })
  brokers = kafka.brokers
  const settings = { API_KEYS_FILE: keys.path, PARTITIONS: '6' }
  system = await startSystem({ brokers: kafka.bootstrap, gateways: 1, processors: 2, settings })
  admin = system.kafka.admin()
  await admin.connect()
  // The loss of a single broker then stops purchases: a cluster of two that are left still has a leader.
  const configEntries = [{ name: 'min.insync.replicas', value: String(BROKERS) }]
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: system.topics.data, configEntries }],
  })
  const processes = [...system.gateways, ...system.processors]
  prometheus = await startPrometheus({
    folder: join(folder, 'prometheus'),
    watchdog,
    targets: processes.map(({ url }) => new URL(url).host),
    key: operator.bearer,
    thresholds: { ConsumerLagHigh: ['> 30', '> 2'], OutcomesStale: ['> 60', '> 3'] },
  })
}, 120_000)
afterEach(async () => {
  await Promise.all(closes.splice(0).map((close) => close()))
  for (const child of frozen) thaw(child)
})
afterAll(async () => {
  await admin.disconnect()
  await system.stop()
  await watchdog.drain()
  rmSync(folder, { recursive: true })
}, 60_000)

function freeze(child: Child) {
  frozen.add(child)
  if (child.pid !== undefined) process.kill(child.pid, 'SIGSTOP')
}
function thaw(child: Child) {
  frozen.delete(child)
  if (child.pid !== undefined) process.kill(child.pid, 'SIGCONT')
}

function brokerThatIsLost(): Child {
  const broker = brokers.at(-1)
  if (!broker) throw new Error('there are three brokers')
  return broker.child
}

async function firing() {
  const names = await prometheus.firing()
  for (const name of names) everFired.add(name)
  return names
}
/** Each of them fires, though not necessarily at the same time. */
const fire = (...names: string[]) => {
  const missing = new Set(names)
  return vi.waitFor(async () => {
    for (const name of await firing()) missing.delete(name)
    expect([...missing]).toEqual([])
  }, SOON)
}
const resolve = (...names: string[]) =>
  vi.waitFor(async () => {
    const now = await firing()
    expect(names.filter((name) => now.includes(name))).toEqual([])
  }, SOON)

/** Checkouts that arrive all the time, whatever becomes of them, until the test is over. */
function arrive(kind: 'quick' | 'slow', perSecond: number) {
  const closing = new AbortController()
  const posts = new Set<Promise<unknown>>()
  const post = async (number: number) => {
    const response = await fetch(`${system.gateways[0]?.url}/checkout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...shop.headers },
      body: JSON.stringify(checkoutOf(kind, number)),
    })
    await response.body?.cancel()
  }
  const arriving = (async () => {
    for (let number = 0; !closing.signal.aborted; number++) {
      const answered = post(number).finally(() => posts.delete(answered))
      posts.add(answered)
      await sleep(1_000 / perSecond)
    }
  })()
  closes.push(async () => {
    closing.abort()
    await arriving
    await Promise.all(posts)
  })
}

function pauseAgainAndAgain(child: Child) {
  const closing = new AbortController()
  const pausing = (async () => {
    while (!closing.signal.aborted) {
      freeze(child)
      // Shorter than the session of a broker.
      await sleep(1_200)
      thaw(child)
      await sleep(300)
    }
  })()
  closes.push(async () => {
    closing.abort()
    await pausing
  })
}

test('no alert fires over the smoke load', async () => {
  const keyFile = join(folder, 'shop-key')
  writeFileSync(keyFile, shop.bearer)
  const summary = join(folder, 'summary.json')
  const main = fileURLToPath(new URL('../loadgen/main.ts', import.meta.url))
  const args = ['smoke', '--quiet', '--summary-export', summary, '--key-file', keyFile]
  const target = system.gateways[0]?.url ?? ''
  const load = Bun.spawn([process.execPath, main, ...args, '--target', target], {
    stdout: 'ignore',
    stderr: 'inherit',
  })
  const fired = new Set<string>()
  while (load.exitCode === null) {
    for (const name of await firing()) fired.add(name)
    await sleep(200)
  }
  expect(load.exitCode).toBe(0)
  const isQuick = await wasQuick(summary)
  expect([...fired].filter((name) => isQuick || !ABOUT_TIME.test(name))).toEqual([])
  expect(await prometheus.query('sum(increase(checkout_stored_total[1m])) > 100')).toHaveLength(1)
}, 60_000)

test('promtool accepts the metrics of each process', async () => {
  for (const { url } of [...system.gateways, ...system.processors]) {
    const metrics = await (await fetch(`${url}/metrics`, { headers: operator.headers })).text()
    const { status, stdout, stderr } = spawnSync(prometheusTools().promtool, ['check', 'metrics'], {
      input: metrics,
      encoding: 'utf8',
    })
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  }
})

/** Whether the load generator, too, measured what the objectives promise. */
async function wasQuick(summary: string): Promise<boolean> {
  const { metrics } = (await Bun.file(summary).json()) as { metrics: Record<string, Record<string, number>> }
  const p99 = (name: string): number => {
    const milliseconds = metrics[name]?.['p(99)']
    if (milliseconds === undefined) throw new Error(`there is no ${name} in ${summary}`)
    return milliseconds
  }
  return p99('http_req_duration') < 500 && p99('notification_delay') < 1_000
}

test('alerts about owners, lag and silence of processors fire while processors are frozen', async () => {
  arrive('quick', 60)
  const [first, second] = system.processors
  if (!first || !second) throw new Error('there are two processors')
  freeze(second.child)
  await fire(
    'CheckoutProcessDown page',
    'ProcessorsNotAnswering ticket',
    'PartitionsWithoutOwner page',
    'ConsumerLagHigh page',
  )
  freeze(first.child)
  await fire('ProcessorsNotAnswering page', 'OutcomesStale page')
  thaw(first.child)
  thaw(second.child)
  await fire('NotificationsLate page', 'NotificationsLate ticket')
  await resolve(
    'CheckoutProcessDown page',
    'ConsumerLagHigh page',
    'OutcomesStale page',
    'PartitionsWithoutOwner page',
  )
}, 120_000)

test('alerts about what processors find, and about slow answers, fire for these', async () => {
  keys.mint('seasonal', ['read'], { expires: new Date(Date.now() + 2 * DAY_MS).toISOString() })
  await system.produce(async (producer) => {
    await producer.send({ topic: system.topics.data, messages: [{ value: 'no JSON' }] })
  })
  arrive('slow', 20)
  pauseAgainAndAgain(brokerThatIsLost())
  await fire(
    'ApiKeyExpires ticket',
    'DeadLettersWritten ticket',
    'FollowUpsRising ticket',
    'AnswersSlow page',
    'AnswersSlow ticket',
  )
}, 90_000)

test.each(panels)('the panel "$title" has data, from each of its queries', async ({ queries }) => {
  for (const [legend, expr] of Object.entries(queries)) {
    const series = await prometheus.query(faster(expr))
    if (!UNKNOWN_YET.some((name) => expr.includes(name))) expect(series, legend).not.toEqual([])
  }
})

test('alerts about silence and partition counts fire when nobody buys and somebody adds partitions', async () => {
  await admin.createPartitions({ topicPartitions: [{ topic: system.topics.data, count: 9 }] })
  await fire('TrafficStopped page', 'PartitionCountsDiffer ticket')
}, 90_000)

test('alerts about refused buyers and replicas fire when a broker is lost', async () => {
  arrive('quick', 20)
  await brokerThatIsLost().kill('SIGKILL')
  await fire(
    'BuyersRefused page',
    'BuyersRefused ticket',
    'ReplicasBelowMinimum page',
    'ReplicasOutOfSync ticket',
    'ProcessNotReady ticket',
  )
}, 90_000)

test('every alert has fired, except those that only promtool tests', () => {
  const caused = alerts.filter(({ alert }) => !onlyByPromtool.has(alert))
  expect([...everFired].toSorted()).toEqual(
    caused.map(({ alert, labels }) => `${alert} ${labels.severity}`).toSorted(),
  )
})
