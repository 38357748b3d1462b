import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { laneOf } from '../backbone/records/partition.ts'
import { post, type SentCheckout, startPartitionLoad } from './partition-load.ts'
import { spreadOver, startPartitionsCommand } from './partitions-command.ts'
import { partitionsAt, requestPartitions } from './partitions-route.ts'
import { acceptedOf, expectOneOutcomeEach, storedOutcomes } from './stored-outcomes.ts'
import type { Instance } from './test-system.ts'
import { useSystem } from './use-system.ts'

const system = useSystem({ processors: 2, classifiers: 1, gateways: 2 })
const PER_SECOND = 80
const BUYERS_WAIT_MS = 5_000
const SOON = { timeout: 60_000, interval: 100 }

const all: SentCheckout[] = []
const frozen = new Set<Instance>()
afterAll(() => {
  for (const instance of frozen) signal(instance, 'SIGCONT')
})

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError(`there is no item ${index}`)
  return item
}
const gatewayUrls = () => system().gateways.map(({ url }) => url)

function signal(instance: Instance, name: 'SIGSTOP' | 'SIGCONT') {
  if (name === 'SIGSTOP') frozen.add(instance)
  else frozen.delete(instance)
  if (instance.child.pid !== undefined) process.kill(instance.child.pid, name)
}

async function killAndStart({ child, ready }: Instance): Promise<void> {
  await child.kill('SIGKILL')
  child.start()
  await ready()
}

const runCommand = (to: number) => startPartitionsCommand(to, at(gatewayUrls(), 0))
const growTo = (to: number) => spreadOver(to, at(gatewayUrls(), 0))

/** Also of what earlier tests have sent. */
const expectOneOutcome = () => expectOneOutcomeEach(system(), all)

/** Each customer's checkouts of a lane were classified in the order in which they were sent, whichever partition they are in. */
function expectOrder(outcomes: readonly Outcome[]) {
  const inOrder = outcomes.toSorted(
    (a, b) => a.classifiedAt.localeCompare(b.classifiedAt) || a.source.offset - b.source.offset,
  )
  const ofLane = Map.groupBy(inOrder, ({ checkout }) => {
    if (!checkout) throw new Error('an outcome has no checkout')
    return `${checkout.id} ${laneOf(checkout)}`
  })
  for (const [lane, of] of ofLane) {
    const numbers = of.map(({ checkout }) => Number(String(checkout?.productovisto).split(' ')[1]))
    expect(numbers, lane).toEqual(numbers.toSorted((a, b) => a - b))
  }
}

/** Retries find the outcome of the first try, also at a gateway that has just started. */
async function expectRetriesToMakeNothing(sent: readonly SentCheckout[]) {
  await killAndStart(at(system().gateways, 1))
  const some = acceptedOf(sent).filter((_, index) => index % 5 === 0)
  for (const first of some) {
    const answer = await post(at(gatewayUrls(), 1), first)
    expect(answer.status).toBe(202)
    expect(answer.accepted.eventId).toBe(first.accepted.eventId)
  }
}

async function readOn(url: string, cursor: string): Promise<string[]> {
  const eventIds: string[] = []
  for (let next = cursor; ; ) {
    const response = await fetch(`${url}/notifications?cursor=${next}&limit=200&kind=quick,none`)
    const page = (await response.json()) as { items: Outcome[]; next: string }
    eventIds.push(...page.items.map(({ eventId }) => eventId))
    next = page.next
    if (page.items.length < 200) return eventIds
  }
}

const endOf = async (url: string) =>
  ((await (await fetch(`${url}/notifications?from=now`)).json()) as { next: string }).next

async function finish(load: ReturnType<typeof startPartitionLoad>): Promise<readonly SentCheckout[]> {
  const sent = await load.stop()
  all.push(...sent)
  return sent
}

/** Starts the command, and resolves once checkouts wait for the change. */
async function beginGrowth(to: number) {
  const started = runCommand(to)
  await vi.waitFor(async () => {
    expect((await partitionsAt(at(gatewayUrls(), 0))).change).toMatchObject({ partitions: to, begun: true })
  }, SOON)
  return started
}

/** After a change: the order holds, each event has its outcome, and retries make none. */
async function expectNothingTwice(sent: readonly SentCheckout[]): Promise<void> {
  expectOrder(await expectOneOutcome())
  const count = (await storedOutcomes(system())).length
  await expectRetriesToMakeNothing(sent)
  expect((await expectOneOutcome()).length).toBe(count)
}

test('6 to 9 under load: nobody is refused, every event has one outcome, cursors and order hold', async () => {
  const [one, two] = [at(system().processors, 0), at(system().processors, 1)]
  const start = await endOf(one.url)
  const load = startPartitionLoad(gatewayUrls, PER_SECOND)
  await sleep(3_000)
  const before = await endOf(two.url)
  // Of the same processor: another one may be behind.
  const known = new Set(await readOn(two.url, start))
  await growTo(9)
  await sleep(3_000)
  const sent = await finish(load)

  expect(sent.filter(({ status }) => status !== 202)).toEqual([])
  const longest = Math.max(...sent.map(({ tookMs }) => tookMs))
  console.log(`longest POST: ${Math.round(longest)} ms of ${sent.length}`)
  expect(longest).toBeLessThan(BUYERS_WAIT_MS)
  expect(sent.some(({ accepted: { partition } }) => partition >= 6)).toBe(true)

  const outcomes = await expectOneOutcome()
  expectOrder(outcomes)
  await vi.waitFor(async () => {
    for (const { url } of [one, two]) {
      const since = await readOn(url, before)
      expect(new Set(since).size).toBe(since.length)
      const every = new Set([...since, ...(await readOn(url, start))])
      expect(every.size).toBe(outcomes.length)
      for (const eventId of outcomes.map((outcome) => outcome.eventId))
        expect(known.has(eventId) || since.includes(eventId)).toBe(true)
    }
  }, SOON)

  await expectRetriesToMakeNothing(sent)
  expect((await expectOneOutcome()).length).toBe(outcomes.length)
  expect(await partitionsAt(one.url)).toEqual({ partitions: 9, version: 1, change: null })
}, 240_000)

test('9 to 12 with the command, a processor and a gateway killed on the way, and then run again', async () => {
  const load = startPartitionLoad(gatewayUrls, PER_SECOND)
  await sleep(1_500)
  const { child } = await beginGrowth(12)
  child.kill('SIGKILL')
  await Promise.all([
    killAndStart(at(system().classifiers, 0)),
    killAndStart(at(system().processors, 1)),
    killAndStart(at(system().gateways, 1)),
  ])
  await growTo(12)
  await sleep(1_500)
  const sent = await finish(load)

  await expectNothingTwice(sent)
}, 240_000)

test('12 to 18 while a gateway and a processor are frozen: what they do afterwards makes no second outcome', async () => {
  const load = startPartitionLoad(gatewayUrls, PER_SECOND)
  await sleep(1_500)
  const { child, output } = await beginGrowth(18)
  const stopped = [at(system().gateways, 1), at(system().classifiers, 0)]
  for (const instance of stopped) signal(instance, 'SIGSTOP')
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code, output()).toBe(0)
  await sleep(2_000)
  for (const instance of stopped) signal(instance, 'SIGCONT')
  await sleep(2_000)
  const sent = await finish(load)

  await expectNothingTwice(sent)
}, 240_000)

test('what cannot be done is refused with the reason', async () => {
  const ask = async (body: unknown) => {
    const response = await requestPartitions(at(gatewayUrls(), 0), body)
    return { status: response.status, ...((await response.json()) as { detail?: string }) }
  }
  expect(await ask({ partitions: 18 })).toEqual({ status: 200, partitions: 18, version: 3, change: null })
  expect(await ask({ partitions: 12 })).toMatchObject({
    status: 422,
    detail: expect.stringContaining('there can only be more'),
  })
  expect(await ask({ partitions: 'many' })).toMatchObject({ status: 422 })
})
