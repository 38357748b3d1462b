import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkoutOf } from './checkouts.ts'
import { type Quota, setQuota } from './client-quotas.ts'
import { readTopic } from './read-topic.ts'
import { createGateways, linesOf, type RunningGateway } from './run-gateway.ts'
import { type SecuredKafka, startSecuredKafka } from './secured-kafka.ts'

const LATER = { timeout: 90_000, interval: 100 }
const USERS = ['first-gateway', 'second-gateway', 'processor'] as const
type User = (typeof USERS)[number]

const EVERY_MS = 25
/** The sum of all connections. */
const THROTTLED_S = 15
const PUBLISH_TIMEOUT_MS = 5_000
const BUSY_MACHINE_MS = 3_000

let kafka: SecuredKafka
let processes: ReturnType<typeof createGateways>
let running: Record<User, RunningGateway>

beforeAll(async () => {
  kafka = await startSecuredKafka(USERS, {
    'super.users': ['ANONYMOUS', ...USERS].map((user) => `User:${user}`).join(';'),
  })
  processes = createGateways(kafka.bootstrap)
  const as = (user: User) => ({
    KAFKA_BROKERS: `127.0.0.1:${kafka.ports.sasl}`,
    ...kafka.saslSettings(user, 'plain'),
  })
  const processor = await processes.start(as('processor'), 'bun', 'processor')
  const gateway = async (user: User) => {
    const settings = { PROCESSOR_URLS: processor.url, PUBLISH_TIMEOUT_MS: String(PUBLISH_TIMEOUT_MS) }
    return processes.start({ ...as(user), ...settings })
  }
  const [first, second] = await Promise.all([gateway('first-gateway'), gateway('second-gateway')])
  running = { 'first-gateway': first, 'second-gateway': second, processor }
  await Promise.all([processor, first, second].map((process) => process.ready()))
}, 120_000)

afterAll(async () => {
  await processes.stop()
  await kafka.stop()
})

/** Sends checkouts until it is stopped; then with what was answered. */
function startLoad(gateway: RunningGateway) {
  const stopping = new AbortController()
  const accepted: string[] = []
  const answers: Promise<void>[] = []
  const waits: number[] = []

  async function send(number: number): Promise<void> {
    const began = performance.now()
    const response = await gateway.post(checkoutOf('quick', number))
    waits.push(performance.now() - began)
    const { eventId } = (await response.json()) as { eventId: string }
    if (response.status === 202) accepted.push(eventId)
    else expect([response.status, response.headers.has('retry-after')]).toEqual([503, true])
  }
  async function run(): Promise<void> {
    for (let number = 0; !stopping.signal.aborted; number++) {
      answers.push(send(number))
      await sleep(EVERY_MS)
    }
  }
  const sending = run()

  return {
    accepted,
    async stop() {
      stopping.abort()
      await sending
      await Promise.all(answers)
      return { longestWaitMs: Math.max(...waits) }
    },
  }
}

async function throttledSeconds({ url }: RunningGateway): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^checkout_kafka_throttle_seconds_total (.+)$/m.exec(metrics)?.[1])
}

const expectOneOutcomeEach = (accepted: readonly string[]) =>
  vi.waitFor(async () => {
    const outcomes = await readTopic(kafka.bootstrap, processes.topics.NOTIFICATIONS_TOPIC)
    const found = outcomes.map(({ key }) => key).filter((id) => accepted.includes(id))
    expect(found.toSorted()).toEqual(accepted.toSorted())
  }, LATER)

test.each<[User, Quota, number]>([
  ['first-gateway', 'producer_byte_rate', 8_000],
  ['second-gateway', 'request_percentage', 0.02],
  ['processor', 'consumer_byte_rate', 8_000],
])(
  '%s beyond its %s: it is reported once, buyers wait no longer than usual, and nothing is lost',
  async (user, quota, limit) => {
    const process = running[user]
    const load = startLoad(user === 'processor' ? running['first-gateway'] : process)
    await setQuota(kafka.bootstrap[0] ?? '', user, quota, limit)
    await vi.waitFor(async () => expect(await throttledSeconds(process)).toBeGreaterThan(THROTTLED_S), LATER)
    await setQuota(kafka.bootstrap[0] ?? '', user, quota)
    const { longestWaitMs } = await load.stop()
    expect(longestWaitMs).toBeLessThan(PUBLISH_TIMEOUT_MS + BUSY_MACHINE_MS)
    expect(load.accepted.length).toBeGreaterThan(0)
    await expectOneOutcomeEach(load.accepted)

    const warnings = linesOf(process).filter(({ msg }) => msg.includes('Kafka throttles'))
    expect(warnings).toMatchObject([
      { level: 'warn', msg: expect.stringContaining(`this process (user "${user}", client id `) },
    ])
    const { checks } = (await (await fetch(`${process.url}/health/ready`)).json()) as { checks: unknown[] }
    expect(checks).toContainEqual({
      name: 'quotas',
      status: 'warn',
      detail: expect.stringMatching(/Kafka throttles .*: check the quotas .*request_percentage/),
    })
  },
  240_000,
)
