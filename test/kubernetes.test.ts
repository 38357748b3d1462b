import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Scope } from '../backbone/access/identity.ts'
import { mintKey } from '../deploy/keys/mint-key.ts'
import { readOverlay } from '../deploy/kubernetes/read-overlay.ts'
import { topicsOf, usersOf } from '../deploy/kubernetes/strimzi-resources.ts'
import { type Workload, workloadsOf } from '../deploy/kubernetes/workloads.ts'
import { checkoutOf } from './checkouts.ts'
import { createTopics } from './create-topics.ts'
import { createPods, type Pod, randomSecret } from './run-pods.ts'
import { type SecuredKafka, startSecuredKafka } from './secured-kafka.ts'

const LATER = { timeout: 60_000, interval: 200 }
const manifests = readOverlay('strimzi')
const topics = topicsOf(manifests)

let kafka: SecuredKafka
let pods: ReturnType<typeof createPods>
let keys: Record<'shop' | 'prometheus', string>
let all: Pod[]
const gateway = () => all.at(-1) as Pod

beforeAll(async () => {
  kafka = await startSecuredKafka([])
  await createUsers()
  await createTopics(
    kafka.admin,
    topics.map(({ topicName, partitions, config }) => ({
      topic: topicName,
      numPartitions: partitions,
      // There is one broker.
      replicationFactor: 1,
      configEntries: Object.entries({ ...config, 'min.insync.replicas': '1' }).map(([name, value]) => ({
        name,
        value,
      })),
    })),
  )
  const folder = join(kafka.folder, 'pods')
  const keysFile = join(kafka.folder, 'keys.json')
  const mint = (owner: string, ...scopes: Scope[]) => mintKey(keysFile, { owner, scopes }).bearer
  keys = { shop: mint('shop', 'write', 'read'), prometheus: mint('prometheus', 'operate') }
  pods = createPods({
    manifests,
    folder,
    brokers: `127.0.0.1:${kafka.ports.saslTls}`,
    secrets: {
      'api-keys': { 'keys.json': readFileSync(keysFile, 'utf8') },
      'queue-tickets': { secret: randomSecret() },
      'checkout-cluster-ca-cert': { 'ca.crt': readFileSync(kafka.caFile, 'utf8') },
      ...Object.fromEntries(usersOf(manifests).map(({ name }) => [name, { password: passwordOfUsers() }])),
    },
  })
  const [gateways, processors, classifiers] = workloadsOf(manifests) as [Workload, Workload, Workload]
  all = [
    await pods.start(processors, 'processor-0'),
    await pods.start(classifiers, 'classifier-0'),
    await pods.start(gateways, 'gateway-6c9f8-x2x7z'),
  ]
}, 180_000)
afterAll(async () => {
  await pods?.stop()
  await kafka?.stop()
})

const passwordOfUsers = () => readFileSync(kafka.passwordFile, 'utf8')

/** With the rights of their manifests, and no others. */
async function createUsers() {
  for (const { name: to, rights } of usersOf(manifests)) {
    await kafka.addScramUser(to)
    await kafka.grant(...rights.map((right) => Object.assign({ to }, right)))
  }
}

const request = (path: string, key: string, body?: object) =>
  fetch(`${gateway().url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

const metricsOf = ({ url }: Pod, headers: Record<string, string> = {}) => fetch(`${url}/metrics`, { headers })

test('the containers of the manifests run together on a Kafka that allows only what the manifests grant', async () => {
  for (const pod of all) await pod.probed('startupProbe')
  for (const pod of all) await pod.probed('readinessProbe')

  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => request('/checkout', keys.shop, checkoutOf('slow', i))),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  for (const answer of answers) {
    const { eventId } = (await answer.json()) as { eventId: string }
    await vi.waitFor(async () => {
      const found = await request(`/checkout/${eventId}`, keys.shop)
      expect(await found.json()).toMatchObject({ status: 'classified', outcome: { kind: 'slow' } })
    }, LATER)
  }

  for (const pod of all) {
    await pod.probed('livenessProbe')
    expect((await metricsOf(pod)).status).toBe(401)
    const metrics = await metricsOf(pod, { authorization: `Bearer ${keys.prometheus}` })
    expect(await metrics.text()).toContain('process_resident_memory_bytes')
  }
  expect(await ownedBy('processor-0')).not.toBe(0)
  expect(await ownedBy('classifier-0')).not.toBe(0)
  // Its own figures, those of each process, and the history: every right of the manifests is enough.
  for (const pod of all) expect(pod.log().match(/.*refused.*/gi), pod.name).toBeNull()
}, 180_000)

async function ownedBy(name: string): Promise<number> {
  const pod = all.find((started) => started.name === name) as Pod
  const metrics = await metricsOf(pod, { authorization: `Bearer ${keys.prometheus}` })
  return (await metrics.text()).match(/^checkout_consumer_lag_records\{/gm)?.length ?? 0
}

test('the user of KEDA may see how far the processors lag', async () => {
  const keda = new Kafka({
    brokers: [`127.0.0.1:${kafka.ports.saslTls}`],
    ssl: { ca: [readFileSync(kafka.caFile, 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username: 'checkout-keda', password: passwordOfUsers().trim() },
    logLevel: logLevel.NOTHING,
  })
  const admin = keda.admin()
  await admin.connect()
  try {
    await vi.waitFor(async () => {
      const ends = await admin.fetchTopicOffsets('DataTopic')
      const [group] = await admin.fetchOffsets({ groupId: 'checkout-processor', topics: ['DataTopic'] })
      const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, offset]))
      const written = ends.filter(({ high }) => high !== '0')
      expect(written.length).toBeGreaterThan(0)
      for (const { partition, high } of written) expect(committed.get(partition)).toBe(high)
    }, LATER)
  } finally {
    await admin.disconnect()
  }
}, 90_000)

test('the containers end by themselves when a pod is deleted', async () => {
  const ends = all.map(async ({ name, child }) => {
    const how = new Promise<string>((resolve) => child.onDeath(resolve))
    await child.kill('SIGTERM')
    return `${name}: ${await how}`
  })
  expect(await Promise.all(ends)).toEqual(all.map(({ name }) => `${name}: exit code 0`))
}, 90_000)
