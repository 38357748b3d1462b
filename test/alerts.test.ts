import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, ConfigResourceTypes } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { rows } from '../deploy/grafana/panels.ts'
import { createTestRandom } from '../processor/testing/random.ts'
import { type AlertSite, PARTITIONS, startAlertSite } from './alert-site.ts'
import { arrive } from './arrivals.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { preload } from './faults/system/preload.ts'
import { emptyVolume, fillVolume } from './own-volume.ts'
import { faster } from './prometheus.ts'
import { prometheusTools } from './prometheus-tools.ts'
import { alerts } from './read-rules.ts'
import { seedHistory } from './seed-history.ts'
import { runSmokeLoad } from './smoke-load.ts'
import { createStopAndGo } from './stop-and-go.ts'
import type { Instance } from './test-system.ts'

/** The forecast is computed once a minute. */
const WITHIN_MINUTES = { timeout: 130_000, interval: 200 }
const SOON = { timeout: 20_000, interval: 200 }
const MORE_PARTITIONS = 9
/** More than a throttled processor classifies in a second: its capacity is measured over ten seconds of such a backlog. */
const LEAST_BACKLOG = 20_000
/** Of one send, for all processors. */
const RECORDS = 8_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** On a machine with too much other work these are right. */
const ABOUT_TIME =
  /^(?:AnswersSlow|CheckoutProcessDown|ConsumerLagHigh|NotificationsLate|OutcomesStale|ProcessorsNotAnswering) /
/** All customers buy: a query that reads this has no data. */
const OF_VISITS = 'lane="browse"'
const panels = rows.flatMap((row) => row.panels)

const keys = createTestKeys()
const shop = keys.mint('shop', ['write', 'read', 'personal'])
const operator = keys.mint('operator', ['operate'])
const random = createTestRandom()
const { freeze, thaw, thawAll, throttle } = createStopAndGo()
/** What ends with a test. */
const ends: (() => Promise<void>)[] = []
let site: AlertSite
let admin: Admin
let gateways: [Instance, Instance]
let processors: [Instance, Instance]

beforeAll(async () => {
  site = await startAlertSite({ keysFile: keys.path, key: operator.bearer })
  gateways = site.system.gateways as typeof gateways
  processors = site.system.processors as typeof processors
  admin = site.system.kafka.admin()
  await admin.connect()
  // The loss of a single broker then stops purchases: a cluster of two that are left still has a leader.
  const configEntries = [{ name: 'min.insync.replicas', value: String(site.brokers.length) }]
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: site.system.topics.data, configEntries }],
  })
}, 120_000)
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
  thawAll()
})
afterAll(async () => {
  await admin.disconnect()
  await site.stop()
}, 60_000)

const brokerThatIsLost = () => site.brokers.at(-1)!.child

/** Checkouts arrive until the returned function is called. */
const buy = (kind: 'quick' | 'slow', perSecond: number) =>
  arrive(perSecond, (number) => {
    const body = JSON.stringify(checkoutOf(kind, number))
    const headers = { 'content-type': 'application/json', ...shop.headers }
    return fetch(`${gateways[0].url}/checkout`, { method: 'POST', headers, body })
  })

test('no alert fires over the smoke load', async () => {
  const { wasQuick } = await runSmokeLoad({
    folder: site.folder,
    target: gateways[0].url,
    key: shop.bearer,
    meanwhile: site.firing,
  })
  expect([...site.everFired].filter((name) => wasQuick || !ABOUT_TIME.test(name))).toEqual([])
  expect(await site.query('sum(increase(checkout_stored_total[1m])) > 100')).toHaveLength(1)
}, 60_000)

test('promtool accepts the metrics of each process', async () => {
  for (const { url } of [gateways[0], processors[0]]) {
    const metrics = await (await fetch(`${url}/metrics`, { headers: operator.headers })).text()
    const { status, stdout, stderr } = spawnSync(prometheusTools().promtool, ['check', 'metrics'], {
      input: metrics,
      encoding: 'utf8',
    })
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  }
})

test('alerts about slow reads and an old read model fire while a processor lacks processor time, which shows its capacity', async () => {
  // Shorter than a probe of a gateway waits.
  ends.push(throttle(processors[1].child, { frozenMs: 600, runningMs: 200 }))
  const read = () => fetch(`${gateways[0].url}/notifications?limit=5`, { headers: shop.headers })
  ends.push(arrive(20, read))
  const instance = new URL(processors[1].url).host
  const backlog = `sum(checkout_consumer_lag_records{instance="${instance}"})`
  const forLongEnough = `min_over_time(${backlog}[15s:1s]) > ${LEAST_BACKLOG}`
  const done = new AbortController()
  const producing = site.system.produce(async (producer) => {
    while (!done.signal.aborted) {
      const isEnough = (await site.query(`${backlog} > ${3 * LEAST_BACKLOG}`)).length > 0
      const records = Array.from({ length: isEnough ? 0 : RECORDS }, (_, i) =>
        recordOf(checkoutOf('quick', i), PARTITIONS),
      )
      if (records.length > 0) await producer.send({ topic: site.system.topics.data, messages: records })
      await sleep(100)
    }
  })
  const measured = () =>
    vi.waitFor(async () => expect(await site.query(forLongEnough)).not.toEqual([]), WITHIN_MINUTES)
  await site
    .fire('ReadModelBehind ticket', 'ReadsHedged ticket')
    .then(measured)
    .finally(() => done.abort())
  await producing
}, 240_000)

test('alerts about owners, lag and silence of processors fire while processors are frozen', async () => {
  ends.push(buy('quick', 60))
  const [first, second] = processors
  freeze(second.child)
  await site.fire(
    'CheckoutProcessDown page',
    'ProcessorsNotAnswering ticket',
    'PartitionsWithoutOwner page',
    'ConsumerLagHigh page',
  )
  freeze(first.child)
  await site.fire('ProcessorsNotAnswering page', 'OutcomesStale page')
  thaw(first.child)
  thaw(second.child)
  await site.fire('NotificationsLate page', 'NotificationsLate ticket')
  await site.resolve(
    'CheckoutProcessDown page',
    'ConsumerLagHigh page',
    'OutcomesStale page',
    'PartitionsWithoutOwner page',
  )
}, 120_000)

test('alerts about what processors find, and about slow answers, fire for these', async () => {
  keys.mint('seasonal', ['read'], { expires: new Date(Date.now() + 2 * DAY_MS).toISOString() })
  await site.system.produce(async (producer) => {
    await producer.send({ topic: site.system.topics.data, messages: [{ value: 'no JSON' }] })
  })
  await site.fire('ApiKeyExpires ticket', 'DeadLettersWritten ticket')
  ends.push(buy('slow', 20))
  // Shorter than the session of a broker.
  ends.push(throttle(brokerThatIsLost(), { frozenMs: 1_200, runningMs: 300 }))
  await site.fire('FollowUpsRising ticket', 'AnswersSlow page', 'AnswersSlow ticket')
}, 90_000)

describe.concurrent('while nobody buys', { timeout: 90_000 }, () => {
  test('alerts about silence fire', async () => {
    await site.fire('TrafficStopped page', 'TrafficBelowUsual page')
  })

  test('PartitionCountsDiffer fires when somebody adds partitions', async () => {
    const { topics } = site.system
    await admin.createPartitions({ topicPartitions: [{ topic: topics.data, count: MORE_PARTITIONS }] })
    await site.fire('PartitionCountsDiffer ticket')
  })

  test('ProcessMemoryHigh fires when a process leaks memory', async () => {
    await gateways[1].child.kill('SIGTERM')
    gateways[1].child.start(preload(new URL('./leak-memory.ts', import.meta.url)))
    await site.fire('ProcessMemoryHigh ticket')
  })

  test('CertificateExpires fires 14 days and 2 days before', async () => {
    const before = { ticket: { days: 14, seconds: 8 }, page: { days: 2, seconds: 16 } }
    const settings = {
      ticket: await site.trusting(before.ticket),
      page: await site.trusting(before.page),
    }
    for (const severity of ['ticket', 'page'] as const) {
      await gateways[0].child.kill('SIGTERM')
      gateways[0].child.start(settings[severity])
      await gateways[0].ready()
      await site.fire(`CertificateExpires ${severity}`)
      const remaining = 'min by (certificate) (checkout_certificate_expiry_timestamp_seconds) - time()'
      const alert = `ALERTS{alertname="CertificateExpires",severity="${severity}"}`
      const early = `max_over_time((${remaining} and on (certificate) ${alert})[1m:1s]) > ${before[severity].days} * 86400`
      expect(await site.query(early)).toEqual([])
    }
  })

  test('DiskNearlyFull fires when the disk of a processor fills', async ({ skip }) => {
    if (!site.hasVolumes) skip('this needs permission to create a user namespace (unshare --user --mount)')
    const { child } = processors[1]
    const volume = join(site.system.folder, child.name)
    fillVolume(volume, child.pid!, 0.2)
    await site.fire('DiskNearlyFull ticket')
    expect(site.everFired).not.toContain('DiskNearlyFull page')
    fillVolume(volume, child.pid!, 0.06)
    await site.fire('DiskNearlyFull page')
    emptyVolume(volume, child.pid!)
  })
})

/** From then on so many times the usual traffic is expected. Processors compute the forecast at once. */
async function addEvent(times: number): Promise<void> {
  const from = Date.now() + HOUR_MS / 6
  const answer = await fetch(`${gateways[0].url}/forecast/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...operator.headers },
    body: JSON.stringify({
      name: `${times} times`,
      times,
      from: new Date(from).toISOString(),
      until: new Date(from + HOUR_MS).toISOString(),
    }),
  })
  expect(answer.status).toBe(201)
}

test('alerts about the forecast fire when it is beyond the capacity, and when less arrives', async () => {
  const end = buy('quick', 60)
  ends.push(end)
  // Nobody owns the last partitions: Notifications lacks them. At any hour, a thousand times this is beyond the capacity.
  await seedHistory(site.system, { partition: MORE_PARTITIONS, random, times: 25, season: false })
  await addEvent(1)
  await vi.waitFor(async () => {
    const known =
      'checkout_capacity_checkouts_per_second and on () checkout_forecast_peak_checkouts_per_second'
    expect(await site.query(known)).not.toEqual([])
  }, WITHIN_MINUTES)
  await site.resolve('TrafficBelowUsual page', 'TrafficStopped page')
  expect(site.everFired).not.toContain('PeakBeyondCapacity page')
  expect(site.everFired).not.toContain('TrafficBelowForecast page')
  await addEvent(1_000)
  await site.fire('PeakBeyondCapacity page')
  expect(site.everFired).not.toContain('TrafficBelowForecast page')
  await end()
  await site.fire('TrafficBelowForecast page')
}, 240_000)

describe('while customers buy', () => {
  let end: () => Promise<void>
  beforeAll(() => {
    end = buy('quick', 20)
  })
  afterAll(() => end())

  test.each(panels)('the panel $title has data, from each of its queries', async ({ queries }) => {
    for (const [legend, expr] of Object.entries(queries).filter(([, each]) => !each.includes(OF_VISITS)))
      await vi.waitFor(async () => expect(await site.query(faster(expr)), legend).not.toEqual([]), SOON)
  })
})

test('alerts about refused buyers and replicas fire when a broker is lost', async () => {
  ends.push(buy('quick', 20))
  await brokerThatIsLost().kill('SIGKILL')
  await site.fire(
    'BuyersRefused page',
    'BuyersRefused ticket',
    'ReplicasBelowMinimum page',
    'ReplicasOutOfSync ticket',
    'ProcessNotReady ticket',
  )
}, 90_000)

test('every alert has fired', () => {
  const named = alerts.map(({ alert, labels }) => `${alert} ${labels.severity}`)
  const caused = named.filter((name) => site.hasVolumes || !name.startsWith('DiskNearlyFull'))
  expect([...site.everFired].toSorted()).toEqual(caused.toSorted())
})
