import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { MemberFigures } from '../backbone/figures/member-figures.ts'
import { idleGateway } from '../backbone/figures/testing/idle-figures.ts'
import type { SystemState } from '../backbone/operations/system-state.ts'
import { checkoutOf } from './checkouts.ts'
import type { Instance } from './test-system.ts'
import { useSystem } from './use-system.ts'
import { watchOperations } from './watch-operations.ts'

const SOON = { timeout: 25_000, interval: 100 }
/** Between the requests of a client. */
const PAUSE_MS = 25
const keys = createTestKeys()
const shop = keys.mint('shop', ['write'])
const operator = keys.mint('operator', ['operate'])
const former = keys.mint('former', ['operate'])
const system = useSystem({ gateways: 1, processors: 2, settings: { API_KEYS_FILE: keys.path } })

const gateway = () => system().gateways[0]?.url ?? ''
const watches: ReturnType<typeof watchOperations>[] = []
const frozen = new Set<Instance>()
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closes.splice(0).map((close) => close()))
  for (const instance of frozen) signal(instance, 'SIGCONT')
  await Promise.all(watches.splice(0).map(({ stop }) => stop()))
})

function watch(credential = operator.headers) {
  const watched = watchOperations(gateway(), credential)
  watches.push(watched)
  return watched
}

function signal(instance: Instance, name: 'SIGSTOP' | 'SIGCONT') {
  if (name === 'SIGSTOP') frozen.add(instance)
  else frozen.delete(instance)
  if (instance.child.pid !== undefined) process.kill(instance.child.pid, name)
}

const post = (body: object) =>
  fetch(`${gateway()}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...shop.headers },
    body: JSON.stringify(body),
  })

const stateOf = async (url: string) => {
  const response = await fetch(`${url}/operations`, { headers: operator.headers })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as SystemState
}

/** Buyers and visitors who come all the time. */
function open() {
  const closing = new AbortController()
  const clients = Array.from({ length: 4 }, async (_, client) => {
    for (let number = 0; !closing.signal.aborted; number++) {
      await (await post(checkoutOf(client % 2 ? 'none' : 'quick', number))).body?.cancel()
      await sleep(PAUSE_MS)
    }
  })
  closes.push(async () => {
    closing.abort()
    await Promise.all(clients)
  })
}

const named = (name: string): Instance => {
  const instance = system().processors.find(({ child }) => child.name === name)
  if (!instance) throw new Error(`there is no ${name}`)
  return instance
}

test('every process knows exactly how many checkouts were answered and classified', async () => {
  await vi.waitFor(async () => expect((await stateOf(gateway())).members).toHaveLength(3), SOON)
  const bodies = [
    ...Array.from({ length: 150 }, (_, i) => checkoutOf('quick', i)),
    ...Array.from({ length: 70 }, (_, i) => checkoutOf('none', i)),
    ...Array.from({ length: 30 }, (_, i) => ({ ...checkoutOf('slow', i), edad: 131 })),
  ]
  const statuses = await Promise.all(bodies.map(async (body) => (await post(body)).status))
  expect(statuses.filter((status) => status === 202)).toHaveLength(220)
  for (const url of [gateway(), ...system().processors.map((processor) => processor.url)])
    await vi.waitFor(
      async () =>
        expect((await stateOf(url)).totals).toEqual({
          answers: { purchase: { 202: 150 }, browse: { 202: 70 }, unknown: { 422: 30 } },
          outcomes: { quick: 150, none: 70 },
        }),
      SOON,
    )
  expect(await stateOf(gateway())).toMatchObject({
    partial: false,
    verdicts: [{ code: 'buyers-get-through' }],
  })
})

test('another system that writes to the same topic of figures is no part of this one', async () => {
  const { totals } = await stateOf(gateway())
  const figures: MemberFigures = {
    is: 'figures',
    member: 'gateway-1',
    run: 'other-system',
    role: 'gateway',
    at: Date.now(),
    startedAt: Date.now(),
    memoryBytes: 1,
    cpuSeconds: 1,
    faults: [{ check: 'kafka', detail: 'Kafka does not answer', status: 'fail' }],
    gateway: { ...idleGateway, answers: { purchase: { 503: 1_000 } } },
  }
  const event = {
    is: 'event',
    member: 'gateway-1',
    run: 'other-system',
    number: 0,
    at: Date.now(),
    code: 'started',
    details: {},
  }
  const marker = { ...event, run: 'own' }
  const other = { 'data-topic': 'OtherData' }
  await system().produce(async (producer) => {
    await producer.send({
      topic: system().topics.figures,
      messages: [
        { key: 'a', value: JSON.stringify(figures), headers: other },
        { key: 'b', value: JSON.stringify(event), headers: other },
        { key: 'c', value: JSON.stringify(marker), headers: { 'data-topic': system().topics.data } },
      ],
    })
  })
  const watched = watch()
  await vi.waitFor(() => expect(watched.events.map(({ run }) => run)).toContain('own'), SOON)
  expect(watched.events.map(({ run }) => run)).not.toContain('other-system')
  expect(watched.latest()).toMatchObject({ totals, verdicts: [{ code: 'buyers-get-through' }] })
})

test('a frozen processor is named within seconds, what it owns falls behind, and it recovers by itself', async () => {
  open()
  const watched = watch()
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-get-through']), SOON)
  const victim = named('processor-2')
  const owned = watched.latest()?.members.find(({ member }) => member === 'processor-2')
    ?.processor?.partitions
  const frozenAt = Date.now()
  signal(victim, 'SIGSTOP')
  await vi.waitFor(() => expect(watched.codes()).toContain('member-silent'), SOON)
  expect(Date.now() - frozenAt).toBeLessThan(10_000)
  const { details, since = 0 } = watched.verdict('member-silent') ?? {}
  expect(details).toMatchObject({ member: 'processor-2', role: 'processor' })
  // Those that the other one has not taken over yet.
  expect(owned?.map(String)).toEqual(
    expect.arrayContaining(details?.partitions.split(', ').filter(Boolean) ?? []),
  )
  expect(Math.abs(since - frozenAt)).toBeLessThan(2_000)
  const behind = () =>
    watched.states.flatMap(({ partitions }) =>
      partitions.filter(({ lastOwner }) => lastOwner === 'processor-2').map(({ seconds }) => seconds ?? 0),
    )
  await vi.waitFor(() => expect(Math.max(...behind())).toBeGreaterThan(3), SOON)
  // The other one takes over.
  await vi.waitFor(() => expect(watched.verdict('member-silent')?.level).toBe('warn'), SOON)
  expect(watched.verdict('member-silent')?.since).toBe(since)

  signal(victim, 'SIGCONT')
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-get-through']), SOON)
  expect(watched.events.map(({ code }) => code)).toContain('paused')
  expect(watched.failures).toEqual([])
}, 90_000)

test('a killed processor is silent until another run replaces it', async () => {
  const watched = watch()
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-get-through']), SOON)
  const { child, ready } = named('processor-1')
  await child.kill('SIGKILL')
  await vi.waitFor(
    () => expect(watched.verdict('member-silent')?.details).toMatchObject({ member: 'processor-1' }),
    SOON,
  )
  child.start()
  await ready()
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-get-through']), SOON)
  expect(watched.latest()?.members).toHaveLength(3)
  // The new one has read what has happened before it.
  await vi.waitFor(async () => {
    const { totals, from } = await stateOf(named('processor-1').url)
    expect([from, totals.answers.purchase?.['202']]).toEqual([
      'processor-1',
      watched.latest()?.totals.answers.purchase?.['202'],
    ])
  }, SOON)
}, 90_000)

test('without any processor the gateway says what it knows, and hands over when one is back', async () => {
  const watched = watch()
  await vi.waitFor(() => expect(watched.latest()?.partial).toBe(false), SOON)
  await Promise.all(system().processors.map(({ child }) => child.kill('SIGKILL')))
  await vi.waitFor(() => expect(watched.codes()).toContain('processors-silent'), SOON)
  expect(watched.latest()).toMatchObject({ partial: true, from: 'gateway-1', kafka: null, partitions: [] })
  const before = watched.latest()?.totals.answers.purchase?.['202'] ?? 0
  expect((await post(checkoutOf('quick', 1))).status).toBe(202)
  await vi.waitFor(() => expect(watched.latest()?.totals.answers.purchase?.['202']).toBe(before + 1), SOON)

  for (const { child } of system().processors) child.start()
  await Promise.all(system().processors.map(({ ready }) => ready()))
  await vi.waitFor(() => expect(watched.latest()?.partial).toBe(false), SOON)
  await vi.waitFor(() => expect(watched.codes()).toEqual(['buyers-get-through']), SOON)
  expect(watched.failures).toEqual([])
}, 90_000)

test('an open stream ends when its key is revoked, and needs a valid one to open again', async () => {
  const watched = watch(former.headers)
  await vi.waitFor(() => expect(watched.latest()).toBeDefined(), SOON)
  keys.keys.splice(
    keys.keys.findIndex(({ id }) => id === former.id),
    1,
  )
  const revokedAt = Date.now()
  keys.write()
  await vi.waitFor(() => expect(watched.failures.at(-1)).toMatch(/401/), SOON)
  // Each process reads its keys by itself, once a second: until then another one may still serve the viewer.
  const { at = Number.POSITIVE_INFINITY } = watched.latest() ?? {}
  expect(at - revokedAt).toBeLessThan(5_000)
  const { length } = watched.states
  const refused = watched.failures.length
  await vi.waitFor(() => expect(watched.failures.length).toBeGreaterThan(refused + 5), SOON)
  expect(watched.failures.slice(refused)).toEqual(
    expect.not.arrayContaining([expect.not.stringMatching(/401/)]),
  )
  expect(watched.states).toHaveLength(length)
  expect((await fetch(`${gateway()}/operations`, { headers: shop.headers })).status).toBe(403)
})
