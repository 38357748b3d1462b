import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { figuresRecordSchema } from '../backbone/figures/member-figures.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { createGateways, linesOf, type RunningGateway } from './run-gateway.ts'
import { type Grant, type SecuredKafka, startSecuredKafka } from './secured-kafka.ts'

const LATER = { timeout: 20_000, interval: 100 }

let kafka: SecuredKafka
let processes: ReturnType<typeof createGateways>
/** With their own topics: a test counts the records in those of the gateways. */
let processors: ReturnType<typeof createGateways>

beforeAll(async () => {
  kafka = await startSecuredKafka(['gateway', 'processor', 'other'], {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
  })
  processes = createGateways(kafka.bootstrap)
  processors = createGateways(kafka.bootstrap)
}, 120_000)
afterAll(async () => {
  await Promise.all([processes.stop(), processors.stop()])
  await kafka.stop()
})

const at = (port: number, host = '127.0.0.1') => ({ KAFKA_BROKERS: `${host}:${port}` })
const tls = () => kafka.tlsSettings
const sasl = (user: string, mechanism = 'plain') => kafka.saslSettings(user, mechanism)

const ABOUT_FIGURES = /^Figures are /

/** Log lines of a process above the level info, but not those about its figures. */
const faultsOf = ({ log }: Pick<RunningGateway, 'log'>): string[] =>
  linesOf({ log })
    .filter(({ level, msg }) => level !== 'info' && !ABOUT_FIGURES.test(msg))
    .map(({ msg }) => msg)

const figuresLinesOf = ({ log }: Pick<RunningGateway, 'log'>): string[] =>
  linesOf({ log }).flatMap(({ level, msg }) => (ABOUT_FIGURES.test(msg) ? `${level}: ${msg}` : []))

const figuresRefused = (topic: string, user: string) =>
  `warn: Figures are not published: Kafka refused Describe (or Create, where it is missing) on topic ${topic} ` +
  `(user "${user}"): check the ACLs of the topic, FIGURES_TOPIC, KAFKA_SASL_USERNAME`

async function readinessOf({ url }: Pick<RunningGateway, 'url'>) {
  const response = await fetch(`${url}/health/ready`)
  const { checks } = (await response.json()) as {
    checks: { name: string; status: string; detail?: string }[]
  }
  return { status: response.status, kafka: checks.find(({ name }) => name === 'kafka') }
}

/** It has logged only that text, and reports it in its readiness. */
async function expectRefused(process: RunningGateway, text: string) {
  await vi.waitFor(() => expect(faultsOf(process).at(-1)).toBe(text), LATER)
  await vi.waitFor(
    async () =>
      expect(await readinessOf(process)).toEqual({
        status: 503,
        kafka: { name: 'kafka', status: 'fail', detail: text },
      }),
    LATER,
  )
}

describe.concurrent('a process that Kafka rejects reports once the reason, the user and the remedy', () => {
  const port = () => kafka.ports
  const wrongPassword = () => {
    const file = join(kafka.folder, 'wrong-password')
    writeFileSync(file, 'wrong')
    return { ...sasl('gateway'), KAFKA_SASL_PASSWORD_FILE: file }
  }
  const cases: [string, () => Record<string, string>, (ports: SecuredKafka['ports']) => string][] = [
    [
      'a wrong password',
      () => ({ ...at(port().sasl), ...wrongPassword() }),
      () =>
        'Kafka refused SASL PLAIN authentication, saying "Authentication failed: Invalid username or password" ' +
        '(user "gateway"): check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE',
    ],
    [
      'a wrong password over TLS with SCRAM',
      () => ({ ...at(port().saslTls), ...tls(), ...wrongPassword(), KAFKA_SASL_MECHANISM: 'scram-sha-512' }),
      () =>
        'Kafka refused SASL SCRAM-SHA-512 authentication, saying "Authentication failed during authentication due to ' +
        'invalid credentials with SASL mechanism SCRAM-SHA-512" (user "gateway"): check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE',
    ],
    [
      'a mechanism that is not enabled',
      () => ({ ...at(port().sasl), ...sasl('gateway', 'scram-sha-256') }),
      ({ sasl: refusing }) =>
        `Kafka at 127.0.0.1:${refusing} refused SASL SCRAM-SHA-256, it has PLAIN, SCRAM-SHA-512 (user "gateway"): check KAFKA_SASL_MECHANISM`,
    ],
    [
      'no SASL where it is required',
      () => at(port().sasl),
      ({ sasl: refusing }) =>
        `Kafka at 127.0.0.1:${refusing} requires SASL (PLAIN, SCRAM-SHA-512) (no SASL user): check KAFKA_SASL_MECHANISM`,
    ],
    [
      'SASL where there is none',
      () => ({ ...at(port().plain), ...sasl('gateway') }),
      ({ plain }) =>
        `Kafka at 127.0.0.1:${plain} takes no SASL (user "gateway"): check KAFKA_SASL_MECHANISM and KAFKA_BROKERS`,
    ],
    [
      'plain text to a TLS port',
      () => at(port().tls),
      ({ tls: refusing }) =>
        `Kafka at 127.0.0.1:${refusing} refused a connection without TLS (no SASL user): check KAFKA_TLS and KAFKA_BROKERS`,
    ],
    [
      'TLS to a plain port',
      () => ({ ...at(port().sasl), ...tls(), ...sasl('gateway') }),
      ({ sasl: refusing }) =>
        `Kafka at 127.0.0.1:${refusing} does not speak TLS (user "gateway"): check KAFKA_TLS and KAFKA_BROKERS`,
    ],
    [
      'a certificate that is not trusted',
      () => ({ ...at(port().saslTls), KAFKA_TLS: 'true', ...sasl('gateway') }),
      ({ saslTls }) =>
        `The certificate of Kafka at 127.0.0.1:${saslTls} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT) (user "gateway"): check KAFKA_TLS_CA_FILE`,
    ],
    [
      'a certificate for another host',
      () => ({ ...at(port().saslTls, 'localhost'), ...tls(), ...sasl('gateway') }),
      ({ saslTls }) =>
        `The certificate of Kafka at localhost:${saslTls} is for another host name (user "gateway"): check KAFKA_BROKERS, and the names in the certificate`,
    ],
  ]

  test.each(cases)('%s', async (_, settings, text) => {
    const gateway = await processes.start(settings())
    await expectRefused(gateway, text(kafka.ports))
    // Attempts follow after one and two more seconds: none is logged.
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    expect(faultsOf(gateway)).toEqual([text(kafka.ports)])
    gateway.child.kill('SIGKILL')
  })

  test.each(['node', 'deno'] as const)('on %s, too', async (runtime) => {
    const settings = [
      { ...at(kafka.ports.saslTls), KAFKA_TLS: 'true', ...sasl('gateway') },
      at(kafka.ports.tls),
      { ...at(kafka.ports.sasl), ...wrongPassword() },
    ]
    const expected = ['is not trusted', 'without TLS', 'refused SASL PLAIN']
    await Promise.all(
      expected.map(async (text, index) => {
        const gateway = await processes.start(settings[index], runtime)
        await vi.waitFor(() => expect(faultsOf(gateway).join()).toContain(text), LATER)
        gateway.child.kill('SIGKILL')
      }),
    )
  })

  test('a processor, which lives meanwhile, and is let in as soon as its user is there', async () => {
    const settings = { ...at(kafka.ports.saslTls), ...tls(), ...sasl('late', 'scram-sha-512') }
    const processor = await processes.start(settings, 'bun', 'processor')
    const what =
      'Kafka refused SASL SCRAM-SHA-512 authentication, saying "Authentication failed during authentication due to ' +
      'invalid credentials with SASL mechanism SCRAM-SHA-512" (user "late")'
    await expectRefused(processor, `${what}: check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE`)
    expect((await fetch(`${processor.url}/health/live`)).status).toBe(200)
    await expectKnownExpiries(processor, 'KAFKA_TLS_CA_FILE', `127.0.0.1:${kafka.ports.saslTls}`)
    const read = await fetch(`${processor.url}/notifications`)
    expect(read.status).toBe(503)
    expect(await read.json()).toMatchObject({ type: 'urn:problem-type:checkout:results-unavailable' })

    await kafka.addScramUser('late')
    await vi.waitFor(
      () => expect(linesOf(processor).map(({ msg }) => msg)).toContain(`Resolved: ${what}`),
      LATER,
    )
    processor.child.kill('SIGKILL')
  })
})

/** The test's certificate is that of the broker and of its authority. */
async function expectKnownExpiries({ url }: Pick<RunningGateway, 'url'>, ...certificates: string[]) {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const lines = [
    ...metrics.matchAll(/^checkout_certificate_expiry_timestamp_seconds\{certificate="(.+)"\} (\S+)$/gm),
  ]
  expect(lines.map(([, certificate]) => certificate)).toEqual(certificates)
  const { validTo } = new X509Certificate(readFileSync(kafka.caFile))
  for (const [, , seconds] of lines) expect(Number(seconds) * 1_000).toBe(Date.parse(validTo))
}

const grantTo = (to: string, resource: Grant['resource'], name: string, ...operations: Grant['operations']) =>
  kafka.grant({ to, resource, name, operations })

const recordsIn = async (topic: string) =>
  (await kafka.admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0)

describe.concurrent('operations that Kafka denies to an authenticated process', () => {
  test('a gateway requires only Write on DataTopic, and on Figures for its figures; its readiness follows publishing, also without traffic', async () => {
    const { topic, topics } = processes
    const other = `${topic}-other`
    await kafka.admin.createTopics({ topics: [{ topic: other, numPartitions: 1 }] })
    const gateway = await processes.start({ ...at(kafka.ports.sasl), ...sasl('gateway') })
    const check = `check the ACLs of the topic, DATA_TOPIC, KAFKA_SASL_USERNAME`
    const describeTopic = `Kafka refused Describe (or Create, where it is missing) on topic ${topic} (user "gateway"): ${check}`
    const write = `Kafka refused Write on topic ${topic} (user "gateway"): ${check}`
    await expectRefused(gateway, describeTopic)
    const noFigures = figuresRefused(topics.FIGURES_TOPIC, 'gateway')
    await vi.waitFor(() => expect(figuresLinesOf(gateway)).toEqual([noFigures]), LATER)
    await grantTo('gateway', 'topic', topics.FIGURES_TOPIC, 'Write', 'Create')

    // With only these a producer connects, and only the record is denied.
    await grantTo('gateway', 'topic', other, 'Write')
    await grantTo('gateway', 'topic', topic, 'Describe', 'Create')
    await expectRefused(gateway, write)
    await grantTo('gateway', 'topic', topic, 'Write')
    await gateway.ready()
    let accepted = 0
    const post = async () => {
      const { status } = await gateway.post(checkoutOf('quick', accepted))
      if (status === 202) accepted++
      return status
    }
    expect(await post()).toBe(202)

    await kafka.revoke({ to: 'gateway', resource: 'topic', name: topic })
    await grantTo('gateway', 'topic', topic, 'Describe')
    await vi.waitFor(async () => expect(await post()).toBe(503), LATER)
    await vi.waitFor(async () => expect((await readinessOf(gateway)).kafka?.detail).toBe(write), LATER)

    await grantTo('gateway', 'topic', topic, 'Write')
    await gateway.ready()
    expect(await post()).toBe(202)
    await vi.waitFor(async () => expect(await recordsIn(topics.FIGURES_TOPIC)).toBeGreaterThan(1), LATER)
    expect(figuresLinesOf(gateway)).toEqual([noFigures, 'info: Figures are published'])
    // It happened before the figures could be published.
    const published = await readTopic(kafka.bootstrap, topics.FIGURES_TOPIC)
    const events = published.map(({ value }) => figuresRecordSchema.parse(JSON.parse(value)))
    expect(events).toContainEqual(
      expect.objectContaining({ code: 'access-refused', details: { detail: describeTopic } }),
    )
    gateway.child.kill('SIGKILL')
    // All accepted records, and none that was only a test of permissions.
    expect(await recordsIn(topic)).toBe(accepted)
  }, 60_000)

  test('a processor reports each denied topic, group or transactional id, and continues when it is granted', async () => {
    const {
      DATA_TOPIC,
      NOTIFICATIONS_TOPIC,
      DEAD_LETTER_TOPIC,
      FOLLOW_UP_TOPIC,
      FIGURES_TOPIC,
      HISTORY_TOPIC,
      LAYOUT_TOPIC,
    } = processors.topics
    const group = `${DATA_TOPIC}-group`
    const settings = { ...at(kafka.ports.saslTls), ...tls(), ...sasl('processor'), GROUP_ID: group }
    const processor = await processors.start(settings, 'bun', 'processor')
    const user = '(user "processor")'
    const topicText = (operation: string, topic: string, setting: string) =>
      `Kafka refused ${operation} on topic ${topic} ${user}: check the ACLs of the topic, ${setting}, KAFKA_SASL_USERNAME`
    const describeOrCreate = 'Describe (or Create, where it is missing)'
    const isSaid = (text: string) =>
      vi.waitFor(async () => {
        expect(faultsOf(processor)).toContain(text)
        expect((await readinessOf(processor)).kafka?.detail).toContain(text)
      }, LATER)

    await isSaid(topicText(describeOrCreate, DATA_TOPIC, 'DATA_TOPIC'))
    await grantTo('processor', 'topic', DATA_TOPIC, 'Describe', 'Create')
    const others = [NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC]
    await isSaid(
      `Kafka refused ${describeOrCreate} on topics ${others.toSorted().join(', ')} ${user}: ` +
        'check the ACLs of the topics, NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC, KAFKA_SASL_USERNAME',
    )
    for (const topic of others) await grantTo('processor', 'topic', topic, 'Describe', 'Create')
    await isSaid(topicText(describeOrCreate, LAYOUT_TOPIC, 'LAYOUT_TOPIC'))
    await grantTo('processor', 'topic', LAYOUT_TOPIC, 'Describe', 'Create')
    await isSaid(topicText('Read', LAYOUT_TOPIC, 'LAYOUT_TOPIC'))
    await grantTo('processor', 'topic', LAYOUT_TOPIC, 'Read')

    const groupText = (name: string) =>
      `Kafka refused Read and Describe on group ${name} ${user}: check the ACLs of the group, GROUP_ID, KAFKA_SASL_USERNAME`
    await isSaid(groupText(`${group}-view-*`))
    await kafka.grant({
      to: 'processor',
      resource: 'group',
      name: `${group}-view-`,
      prefixed: true,
      operations: ['Read'],
    })
    await isSaid(topicText('Read', NOTIFICATIONS_TOPIC, 'NOTIFICATIONS_TOPIC'))
    await grantTo('processor', 'topic', NOTIFICATIONS_TOPIC, 'Read')
    // Checkouts are classified without it.
    const isWarned = (text: string) => vi.waitFor(() => expect(faultsOf(processor)).toContain(text), LATER)
    await isWarned(groupText(`${group}-dead-letters-*`))
    await kafka.grant({
      to: 'processor',
      resource: 'group',
      name: `${group}-dead-letters-`,
      prefixed: true,
      operations: ['Read'],
    })
    await isWarned(topicText('Read', DEAD_LETTER_TOPIC, 'DEAD_LETTER_TOPIC'))
    await grantTo('processor', 'topic', DEAD_LETTER_TOPIC, 'Read')
    await isSaid(groupText(group))
    await grantTo('processor', 'group', group, 'Read')

    const transactions = `Kafka refused Write and Describe on transactional id ${group}-* ${user}: check the ACLs of the transactional id, GROUP_ID, KAFKA_SASL_USERNAME`
    await grantTo('processor', 'topic', FOLLOW_UP_TOPIC, 'Write')
    await isSaid(transactions)
    const ids = { to: 'processor', resource: 'transactionalId', name: `${group}-`, prefixed: true } as const
    await kafka.grant({ ...ids, operations: ['Write'] })
    await isSaid(topicText('Write', NOTIFICATIONS_TOPIC, 'NOTIFICATIONS_TOPIC'))
    await grantTo('processor', 'topic', NOTIFICATIONS_TOPIC, 'Write')
    await isSaid(topicText('Read', DATA_TOPIC, 'DATA_TOPIC'))
    await grantTo('processor', 'topic', DATA_TOPIC, 'Read')
    await processor.ready()

    const producer = kafka.kafka.producer()
    await producer.connect()
    await producer.send({ topic: DATA_TOPIC, messages: [{ value: 'not a checkout' }] })
    await producer.disconnect()
    await isSaid(topicText('Write', DEAD_LETTER_TOPIC, 'DEAD_LETTER_TOPIC'))
    await grantTo('processor', 'topic', DEAD_LETTER_TOPIC, 'Write')
    await processor.ready()
    await vi.waitFor(async () => expect(await recordsIn(DEAD_LETTER_TOPIC)).toBeGreaterThan(0), LATER)
    // It never got a right to the topic of figures, and needs none for the rest.
    const noFigures = figuresRefused(FIGURES_TOPIC, 'processor')
    expect(figuresLinesOf(processor).toSorted()).toEqual([
      noFigures,
      expect.stringMatching(/^warn: Figures are not read: Kafka refused Read on /),
    ])
    // Nor to that of the history.
    expect(linesOf(processor).flatMap(({ msg }) => (msg.startsWith('The history ') ? msg : []))).toEqual([
      `The history is not read: Kafka refused ${describeOrCreate} on topic ${HISTORY_TOPIC} ${user}: ` +
        'check the ACLs of the topic, HISTORY_TOPIC, KAFKA_SASL_USERNAME',
    ])
    processor.child.kill('SIGKILL')

    const texts = faultsOf(processor).filter((msg) => msg.startsWith('Kafka refused'))
    expect(texts).toHaveLength(new Set(texts).size)
    const resolved = linesOf(processor).filter(({ msg }) => msg.startsWith('Resolved: '))
    expect(resolved.map(({ msg }) => msg.slice('Resolved: '.length)).toSorted()).toEqual(
      texts.map((msg) => msg.slice(0, msg.indexOf(': check'))).toSorted(),
    )
  }, 120_000)
})
