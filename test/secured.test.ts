import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SHORTEST_SESSION_MS } from '../backbone/kafka/session-times.ts'
import { checkoutOf } from './checkouts.ts'
import { type DocumentedRight, documentedRights } from './documented-rights.ts'
import { partitionsAt, requestPartitions } from './partitions-route.ts'
import { readTopic } from './read-topic.ts'
import { createGateways, linesOf, type RunningGateway } from './run-gateway.ts'
import { type SecuredKafka, startSecuredKafka } from './secured-kafka.ts'

type Role = DocumentedRight['process']

const ROLES: Role[] = ['gateway', 'processor']
// The last pair is used by the tests that follow.
const MECHANISMS = ['scram-sha-256', 'scram-sha-512', 'plain'] as const
const LATER = { timeout: 90_000, interval: 100 }
const PARTITIONS = 6
const ONLY_FOR_CHANGES = 'the number of partitions cannot be changed'

let kafka: SecuredKafka
let system: ReturnType<typeof createGateways>
let group: string
let rights: DocumentedRight[]
let gateway: RunningGateway
let processor: RunningGateway

beforeAll(async () => {
  kafka = await startSecuredKafka(
    ROLES.map((role) => userOf(role, 'plain')),
    {
      'listener.name.sasltls.plain.connections.max.reauth.ms': '5000',
      'listener.name.sasl.plain.connections.max.reauth.ms': String(SHORTEST_SESSION_MS / 2),
    },
  )
  system = createGateways(kafka.bootstrap)
  group = `group-${system.topic}`
  rights = documentedRights({ ...system.topics, GROUP_ID: group })
  const { FIGURES_TOPIC, HISTORY_TOPIC, LAYOUT_TOPIC, ...others } = system.topics
  await kafka.admin.createTopics({
    topics: [
      ...[FIGURES_TOPIC, HISTORY_TOPIC, LAYOUT_TOPIC].map((topic) => ({ topic, numPartitions: 1 })),
      ...Object.values(others).map((topic) => ({ topic, numPartitions: PARTITIONS })),
    ],
  })
  for (const role of ROLES)
    for (const mechanism of MECHANISMS) {
      const to = userOf(role, mechanism)
      if (mechanism !== 'plain') await kafka.addScramUser(to)
      await kafka.grant(...rights.flatMap((right) => (right.process === role ? { ...right, to } : [])))
    }
}, 240_000)
afterAll(async () => {
  await system.stop()
  await kafka.stop()
})

const userOf = (role: Role, mechanism: string) => `${role}-${mechanism}`

const saslOf = (role: Role, mechanism: string) => kafka.saslSettings(userOf(role, mechanism), mechanism)

const tls = () => ({
  KAFKA_BROKERS: `127.0.0.1:${kafka.ports.saslTls}`,
  ...kafka.tlsSettings,
})

async function start(mechanism: string): Promise<void> {
  const ofProcessor = { ...tls(), ...saslOf('processor', mechanism), GROUP_ID: group }
  processor = await system.start(ofProcessor, 'bun', 'processor')
  const ofGateway = { ...tls(), ...saslOf('gateway', mechanism), PROCESSOR_URLS: processor.url }
  gateway = await system.start(ofGateway)
  await Promise.all([isReady(gateway), isReady(processor)])
}

async function stop(process: RunningGateway): Promise<void> {
  process.child.kill('SIGTERM')
  expect(await process.exited).toBe(0)
}

const isReady = (process: RunningGateway) =>
  vi.waitFor(async () => expect(await healthOf(process)).toMatchObject({ status: 200 }), LATER)

async function healthOf({ url }: RunningGateway) {
  const response = await fetch(`${url}/health/ready`)
  return { status: response.status, text: await response.text() }
}

/** What it has reported that Kafka refuses. */
const refusalsOf = (process: RunningGateway): string[] =>
  linesOf(process).flatMap(({ level, msg }) => (level !== 'info' && msg.includes('Kafka refused') ? msg : []))

const denials = () =>
  readFileSync(join(kafka.folder, 'kafka/logs/kafka-1.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(' is Denied '))

test.each(MECHANISMS)(
  'with %s over TLS the documented rights are enough, and nothing is denied',
  async (mechanism) => {
    await start(mechanism)
    const response = await gateway.post(checkoutOf('quick', 1))
    expect(response.status).toBe(202)
    const { eventId } = (await response.json()) as { eventId: string }
    await vi.waitFor(async () => {
      const found = await (await fetch(`${gateway.url}/checkout/${eventId}`)).json()
      expect(found).toMatchObject({ outcome: { kind: 'quick', message: expect.any(String) } })
    }, LATER)
    // While somebody reads it, processors ask how the topics are replicated.
    await vi.waitFor(async () => {
      const state = await (await fetch(`${processor.url}/operations`)).json()
      expect(state).toMatchObject({ kafka: { brokers: [{ answers: true }] } })
    }, LATER)
    if (mechanism !== 'plain') await Promise.all([stop(gateway), stop(processor)])
    expect([...refusalsOf(gateway), ...refusalsOf(processor)]).toEqual([])
    expect(denials()).toEqual([])
  },
  240_000,
)

const WORDS = { topic: 'topic', group: 'group', transactionalId: 'transactional id' }

/** What is logged when a process lacks the right. */
function refusalOf({ process, resource, name, prefixed, operations }: DocumentedRight): RegExp {
  const words = WORDS[resource]
  const setting = Object.entries(system.topics).find(([, topic]) => topic === name)?.[0] ?? 'GROUP_ID'
  const subject = `on ${words} ${name}${prefixed ? '\\*' : ''}`
  return new RegExp(
    `Kafka refused (?:.* )?${operations[0]}\\b.* ${subject} \\(user "${userOf(process, 'plain')}"\\): ` +
      `check the ACLs of the ${words}, ${setting}, KAFKA_SASL_USERNAME`,
  )
}

/** Checkouts that are accepted and must have an outcome, whatever right is missing meanwhile. */
function generateLoad() {
  const accepted: string[] = []
  const producer = kafka.kafka.producer()
  const stopping = new AbortController()
  let lastStatus = 0

  async function run() {
    await producer.connect()
    for (let number = 0; !stopping.signal.aborted; number++) {
      const response = await gateway.post(checkoutOf(number % 2 === 0 ? 'quick' : 'unverified', number))
      lastStatus = response.status
      if (response.status === 202) accepted.push(((await response.json()) as { eventId: string }).eventId)
      else expect(response.status).toBe(503)
      // Becomes a dead letter.
      await producer.send({ topic: system.topic, messages: [{ value: 'not a checkout' }] })
      await sleep(200)
    }
    await producer.disconnect()
  }
  const running = run()

  return {
    accepted,
    lastStatus: () => lastStatus,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

const RESTORED: Record<string, string> = {
  'Figures are not published': 'Figures are published',
  'Figures are not read': 'Figures are read again',
  'The history is not read': 'The history is read again',
  'The history is not written': 'The history is written again',
}

/** What is logged when a refusal is over. */
const resolutionOf = (refusal: string): string =>
  RESTORED[refusal.slice(0, refusal.indexOf(': '))] ??
  `Resolved: ${refusal.slice(0, refusal.indexOf(': check'))}`

/** Takes a right back, sees what an operator and a buyer see, and grants it again. */
async function withoutRight(right: DocumentedRight, load: ReturnType<typeof generateLoad>) {
  const process = right.process === 'gateway' ? gateway : processor
  const granted = { ...right, to: userOf(right.process, 'plain') }
  const isNeeded = right.without.startsWith('not ready')
  const linesBefore = process.log.length
  const since = () => ({ ...process, log: process.log.slice(linesBefore) })

  await kafka.revoke(granted)
  const refusal = await vi.waitFor(() => {
    const found = refusalsOf(since()).find((msg) => refusalOf(right).test(msg))
    expect(found, refusalsOf(since()).join('\n')).toBeDefined()
    return found ?? ''
  }, LATER)
  if (isNeeded)
    await vi.waitFor(async () => {
      const { status, text } = await healthOf(process)
      expect(status).toBe(503)
      expect(text).toContain(JSON.stringify(refusal).slice(1, -1))
    }, LATER)
  const accepts = right.process === 'processor' || !isNeeded
  const acceptedBefore = load.accepted.length
  await vi.waitFor(() => {
    if (accepts) expect(load.accepted.length).toBeGreaterThan(acceptedBefore)
    else expect(load.lastStatus()).toBe(503)
  }, LATER)

  await kafka.grant(granted)
  const resolution = resolutionOf(refusal)
  await vi.waitFor(() => expect(linesOf(since()).map(({ msg }) => msg)).toContain(resolution), LATER)
  if (isNeeded) await isReady(process)
}

test('without a right it is reported what is missing, all else goes on, and with it, everything does', async () => {
  const inUse = rights.filter(
    ({ operations: [right], without }) =>
      right !== 'DescribeConfigs' && right !== 'Delete' && without !== ONLY_FOR_CHANGES,
  )
  const needed = inUse.filter(({ without }) => without.startsWith('not ready'))
  expect(needed.length).toBeGreaterThan(0)
  // What works without the rights of others is tested at the same time.
  const optional = Map.groupBy(
    inUse.filter((right) => !needed.includes(right)),
    ({ without }) => without,
  )
  const load = generateLoad()
  const inTurn = async (some: readonly DocumentedRight[]) => {
    for (const right of some) await withoutRight(right, load).catch((error: unknown) => fail(right, error))
  }
  await Promise.all([needed, ...optional.values()].map(inTurn))
  await load.stop()

  await vi.waitFor(async () => {
    const records = await readTopic(kafka.bootstrap, system.topics.NOTIFICATIONS_TOPIC)
    const outcomes = records.flatMap(({ value }) =>
      value.startsWith('{') ? (JSON.parse(value) as { eventId: string }).eventId : [],
    )
    const ofLoad = outcomes.filter((eventId) => load.accepted.includes(eventId))
    expect(ofLoad.toSorted()).toEqual(load.accepted.toSorted())
  }, LATER)
}, 900_000)

function fail({ text }: DocumentedRight, cause: unknown): never {
  throw new Error(`${text}: ${String(cause)}`, { cause })
}

async function askPartitions(partitions: number) {
  const response = await requestPartitions(gateway.url, { partitions })
  return { status: response.status, answer: (await response.json()) as { detail?: string } }
}

test('without a right to change the number of partitions the change is refused, and another one may follow', async () => {
  const missing = rights.filter(({ without }) => without === ONLY_FOR_CHANGES)
  expect(missing.length).toBeGreaterThan(0)
  for (const right of missing) {
    const granted = { ...right, to: userOf('processor', 'plain') }
    await kafka.revoke(granted)
    // The test before this one may have left partitions without an owner for a moment.
    await vi.waitFor(async () => {
      const { status, answer } = await askPartitions(1_000)
      expect(answer.detail, right.text).toMatch(refusalOf(right))
      expect(status).toBe(422)
    }, LATER)
    expect(await partitionsAt(gateway.url)).toEqual({ partitions: PARTITIONS, version: 0, change: null })
    await kafka.grant(granted)
  }
  await vi.waitFor(async () => expect((await askPartitions(PARTITIONS + 1)).status).toBeLessThan(300), LATER)
  await vi.waitFor(
    async () =>
      expect(await partitionsAt(gateway.url)).toEqual({
        partitions: PARTITIONS + 1,
        version: 1,
        change: null,
      }),
    LATER,
  )
}, 240_000)

test('a processor that may not delete the groups that only it has used reports it when it stops', async () => {
  const missing = rights.filter(({ operations: [right] }) => right === 'Delete')
  for (const right of missing) await kafka.revoke({ ...right, to: userOf('processor', 'plain') })
  await Promise.all([stop(gateway), stop(processor)])
  expect(refusalsOf(processor)).toContain(
    `Groups of this process are not deleted: Kafka refused Delete on group ${group}-* (user "processor-plain"): ` +
      'check the ACLs of the group, GROUP_ID, KAFKA_SASL_USERNAME',
  )
}, 60_000)

test('sessions that are too short are reported with the setting of the brokers', async () => {
  const address = { KAFKA_BROKERS: `127.0.0.1:${kafka.ports.sasl}` }
  processor = await system.start(
    { ...address, ...saslOf('processor', 'plain'), GROUP_ID: group },
    'bun',
    'processor',
  )
  const text =
    'Kafka refused to authenticate a connection again (user "processor-plain"): ' +
    `check connections.max.reauth.ms of the brokers: it must be 0, or at least ${SHORTEST_SESSION_MS}`
  await vi.waitFor(() => expect(refusalsOf(processor)).toContain(text), LATER)
  await vi.waitFor(
    async () => expect((await healthOf(processor)).text).toContain(JSON.stringify(text).slice(1, -1)),
    LATER,
  )
}, 240_000)
