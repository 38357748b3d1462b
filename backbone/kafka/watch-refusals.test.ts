import { once } from 'node:events'
import { createServer } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { freePorts } from '../../deploy/ports.ts'
import type { KeptAdmin } from './admin.ts'
import { refusalDelayMs } from './retry-delay.ts'
import { connectBroker } from './socket.ts'
import { watchRefusals } from './watch-refusals.ts'

const answering = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('data', () => socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0])))
})
afterEach(() => {
  vi.restoreAllMocks()
  answering.close()
})

interface Answers {
  use?: () => Promise<unknown>
  authentication?: () => string | undefined
  nextReload?: () => Promise<void>
}

function watch(ports: number[], answers: Answers = {}) {
  const { use = () => Promise.resolve({}), authentication = () => undefined } = answers
  const { nextReload = () => Promise.withResolvers<void>().promise } = answers
  const lines: { level: number; msg: string; error?: string }[] = []
  const settings = {
    KAFKA_BROKERS: ports.map((port) => `127.0.0.1:${port}`),
    KAFKA_TLS: false,
    KAFKA_SASL_USERNAME: 'shop',
    KAFKA_SASL_PLAIN_WITHOUT_TLS: false,
    GROUP_ID: 'group',
  }
  const refusals = watchRefusals({
    settings,
    bootstrap: { brokers: settings.KAFKA_BROKERS, connect: connectBroker, ssl: undefined, nextReload },
    admin: { use } as unknown as KeptAdmin,
    answers: { authentication },
    onRefusal: () => undefined,
    log: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }),
  })
  return { refusals, lines }
}

async function listen(port: number) {
  answering.listen(port, '127.0.0.1')
  await once(answering, 'listening')
}

test('waits for a broker that comes late, and says meanwhile why none answers', async () => {
  const [port = 0, closed = 0] = await freePorts(2)
  const { refusals, lines } = watch([closed, port])
  const authenticated = refusals.client({ operation: 'Read' }).authenticated()
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 10_000 })
  expect(lines[0]).toMatchObject({ level: 40, msg: 'Kafka is not ready' })
  expect(lines[0]?.error).toContain('ECONNREFUSED')
  expect(refusals.detail()).toBe('Kafka does not answer')

  await listen(port)
  await authenticated
  expect(lines).toHaveLength(1)
  expect(refusals.detail()).toBeUndefined()
})

test('a broker whose policy allows no such topic refuses it: waiting does not solve that', () => {
  const violation = Object.assign(new Error('Topic creation errors'), {
    errors: [
      Object.assign(new Error('Request parameters do not satisfy the policy'), { type: 'POLICY_VIOLATION' }),
    ],
  })
  const use = { operation: 'Describe (or Create, where it is missing)', topic: 'Figures' } as const
  const { refusals } = watch([1])
  expect(refusals.explain(violation, use)).toContain(
    'Kafka refused Describe (or Create, where it is missing) on topic Figures',
  )
  expect(refusals.explain(new Error('Kafka does not answer'), use)).toBeUndefined()
})

test('attempts after a refusal are ever rarer, down to one in 30 s', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map(refusalDelayMs)).toEqual([1, 2, 4, 8, 16, 30, 30].map((s) => s * 1_000))
})

test('a refusal is logged once, again after a minute, and once when it is over for all clients', async () => {
  const [port = 0] = await freePorts(1)
  await listen(port)
  const { refusals, lines } = watch([port])
  const use = { operation: 'Write', topic: 'DataTopic', transactionalId: 'group-*' } as const
  const [one, other] = [refusals.client(use), refusals.client(use)]
  await one.authenticated()

  const refused = Object.assign(new Error('Transactional Id authorization failed'), {
    type: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  })
  const now = AbortSignal.abort()
  expect(await one.refused(new Error('outer', { cause: refused }), now)).toBe(true)
  for (let n = 0; n < 5; n++) expect(await other.refused(refused, now)).toBe(true)
  const what = 'Kafka refused Write and Describe on transactional id group-*'
  const text = `${what} (user "shop"): check the ACLs of the transactional id, GROUP_ID, KAFKA_SASL_USERNAME`
  expect(lines).toMatchObject([{ level: 50, msg: text }])
  expect(refusals.detail()).toBe(text)

  const later = performance.now() + 60_001
  vi.spyOn(performance, 'now').mockReturnValue(later)
  for (let n = 0; n < 5; n++) await one.refused(refused, now)
  expect(lines).toHaveLength(2)

  one.allowed()
  expect(lines).toHaveLength(2)
  other.allowed()
  expect(lines.at(-1)).toMatchObject({ level: 30, msg: `Resolved: ${what} (user "shop")` })
  expect(refusals.detail()).toBeUndefined()
})

test('another failure is not a refusal', async () => {
  const [port = 0] = await freePorts(1)
  await listen(port)
  const { refusals, lines } = watch([port])
  const client = refusals.client({ operation: 'Read' })
  await client.authenticated()
  expect(await client.refused(new Error('Closed connection'))).toBe(false)
  expect(lines).toEqual([])
})

test('other credentials are tried immediately, however long the wait after the last refusal', async () => {
  const [port = 0] = await freePorts(1)
  await listen(port)
  const authentications = vi
    .fn()
    .mockRejectedValue(Object.assign(new Error('failed'), { name: 'KafkaJSSASLAuthenticationError' }))
  const reload = Promise.withResolvers<void>()
  const { refusals, lines } = watch([port], {
    use: authentications,
    authentication: () => 'invalid credentials',
    nextReload: () => reload.promise,
  })
  // The next attempt would come 4 s later.
  await vi.waitFor(() => expect(authentications).toHaveBeenCalledTimes(3), { timeout: 10_000 })
  authentications.mockResolvedValue({})
  const reloadedAt = performance.now()
  reload.resolve()
  await refusals.authenticated()
  expect(performance.now() - reloadedAt).toBeLessThan(3_000)
  expect(lines.map(({ msg }) => msg)).toEqual([
    expect.stringContaining('Kafka refused SASL'),
    expect.stringContaining('Resolved: Kafka refused SASL'),
  ])
}, 20_000)
