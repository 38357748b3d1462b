import pino from 'pino'
import { describe, expect, test, vi } from 'vitest'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { steadyLayout } from '../testing/steady-layout.ts'
import type { LayoutLease } from './layout-lease.ts'
import { createPublisher } from './publish-checkout.ts'
import type { OutgoingRecord } from './record-producer.ts'

const unavailable = expect.objectContaining({ code: 'kafka-unavailable' })
const overloaded = expect.objectContaining({ code: 'overloaded' })
/** Of six partitions. */
const ONE_LEADER = [1, 1, 1, 1, 1, 1]

interface Send {
  records: readonly OutgoingRecord[]
  resolve: (baseOffsets: [partition: number, offset: number][]) => void
  reject: (error: Error) => void
}

/** A producer whose sends the test answers by hand; by default it is connected at once. */
function handMade(connect: () => Promise<void> = async () => undefined) {
  const sends: Send[] = []
  return {
    sends,
    connect: vi.fn(connect),
    disconnect: vi.fn(async () => undefined),
    send: vi.fn((records: readonly OutgoingRecord[]) => {
      const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<number, number>>()
      sends.push({ records, resolve: (baseOffsets) => resolve(new Map(baseOffsets)), reject })
      return promise
    }),
  }
}

function start(producers: ReturnType<typeof handMade>[], options = {}) {
  const waiting = [...producers]
  const createProducer = vi.fn(() => waiting.shift() ?? handMade())
  const publisher = createPublisher({
    leaders: Promise.resolve(ONE_LEADER),
    findLeaders: () => Promise.reject(new Error('no partition was added')),
    createProducer,
    assertWritable: () => Promise.resolve(),
    refusals: noRefusals,
    topic: 'topic',
    maxWaiting: 10_000,
    maxWaitingBytes: 2 ** 30,
    timeoutMs: 10_000,
    lease: steadyLayout(ONE_LEADER.length),
    metrics: { published: () => undefined },
    log: pino({ level: 'silent' }),
    ...options,
  })
  return { ...publisher, createProducer }
}

const record = (partition: number, value = 'value', lane: Lane = 'browse') => ({
  lane,
  since: 0,
  isDisconnected: () => false,
  partitionAmong: () => partition,
  key: 'key',
  value,
  headers: {},
})
const valuesOf = (send: Send | undefined) => send?.records.map(({ value }) => value)
const nthSend = (producer: ReturnType<typeof handMade>, n: number) =>
  vi.waitFor(() => producer.sends[n - 1] ?? expect.fail(`there is no send ${n} yet`))

test('one request is in flight, and all that came meanwhile is in the next, with an offset each', async () => {
  const producer = handMade()
  const { publish } = start([producer])
  const first = publish(record(0, 'a'))
  const one = await nthSend(producer, 1)
  const next = [publish(record(0, 'b')), publish(record(4, 'c')), publish(record(0, 'd'))]
  expect(producer.send).toHaveBeenCalledOnce()
  one.resolve([[0, 7]])
  expect(await first).toEqual({ partition: 0, offset: 7 })

  const two = await nthSend(producer, 2)
  expect(two.records.map(({ value, partition }) => [value, partition])).toEqual([
    ['b', 0],
    ['d', 0],
    ['c', 4],
  ])
  two.resolve([
    [4, 30],
    [0, 8],
  ])
  expect(await Promise.all(next)).toEqual([
    { partition: 0, offset: 8 },
    { partition: 4, offset: 30 },
    { partition: 0, offset: 9 },
  ])
})

test('a request has 1,000 records and 900 KiB at most', async () => {
  const producer = handMade()
  const { publish } = start([producer])
  void publish(record(0, 'first', 'purchase'))
  const first = await nthSend(producer, 1)
  for (let n = 0; n < 1_001; n++) void publish(record(0, `small-${n}`, 'purchase'))
  for (const size of [500_000, 400_000, 600_000]) void publish(record(0, 'x'.repeat(size), 'purchase'))
  first.resolve([[0, 0]])
  const sizes: number[] = []
  for (let n = 2; n <= 4; n++) {
    const send = await nthSend(producer, n)
    sizes.push(send.records.length)
    send.resolve([[0, n]])
  }
  expect(sizes).toEqual([1_000, 3, 1])
})

test('a record larger than a request goes alone', async () => {
  const producer = handMade()
  const { publish } = start([producer])
  for (const size of [1, 1_000_000, 1]) void publish(record(0, 'x'.repeat(size)))
  for (let n = 1; n <= 3; n++) {
    const send = await nthSend(producer, n)
    expect(send.records).toHaveLength(1)
    send.resolve([[0, n]])
  }
})

test('after a rejected send its records are not confirmed and its producer is never used again', async () => {
  const [first, second] = [handMade(), handMade()]
  const { publish } = start([first, second])
  const together = [publish(record(0)), publish(record(1))]
  const send = await nthSend(first, 1)
  const behind = publish(record(2, 'behind'))
  send.reject(new Error('the connection was closed'))
  for (const answer of together) await expect(answer).rejects.toThrow(unavailable)

  const next = await nthSend(second, 1)
  expect(valuesOf(next)).toEqual(['behind'])
  next.resolve([[2, 0]])
  expect(await behind).toEqual({ partition: 2, offset: 0 })
  expect(first.send).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(first.disconnect).toHaveBeenCalledOnce())
})

test('a send that takes too long is given up with its producer, whatever becomes of it', async () => {
  const [first, second] = [handMade(), handMade()]
  const { publish } = start([first, second], { timeoutMs: 400 })
  const slow = publish(record(0))
  await expect(slow).rejects.toThrow(unavailable)
  const behind = publish(record(0, 'behind'))
  const next = await nthSend(second, 1)
  first.sends[0]?.resolve([[0, 1]])
  next.resolve([[0, 2]])
  expect(await behind).toEqual({ partition: 0, offset: 2 })
  await vi.waitFor(() => expect(first.disconnect).toHaveBeenCalledOnce())
})

test('until a producer is connected records wait, in a bounded number and for a bounded time', async () => {
  const gate = Promise.withResolvers<void>()
  const refused = handMade(() => Promise.reject(new Error('connection refused')))
  const late = handMade(() => gate.promise)
  const { publish, fault, createProducer } = start([refused, late], { maxWaiting: 2, timeoutMs: 500 })
  const expired = [publish(record(0, 'a')), publish(record(0, 'b'))]
  await expect(publish(record(0, 'c'))).rejects.toThrow(overloaded)
  for (const answer of expired) await expect(answer).rejects.toThrow(unavailable)
  expect(fault()).toBeDefined()

  const inTime = publish(record(0, 'd'))
  gate.resolve()
  const send = await nthSend(late, 1)
  expect(valuesOf(send)).toEqual(['d'])
  send.resolve([[0, 0]])
  await inTime
  expect(refused.send).not.toHaveBeenCalled()
  expect(createProducer).toHaveBeenCalledTimes(2)
  expect(fault()).toBeUndefined()
})

test('is not healthy while a publish takes half of the time it has', async () => {
  const producer = handMade()
  const { publish, fault } = start([producer], { timeoutMs: 1_000 })
  await vi.waitFor(() => expect(fault()).toBeUndefined())
  const slow = publish(record(0))
  const send = await nthSend(producer, 1)
  expect(fault()).toBeUndefined()
  await vi.waitFor(() => expect(fault()).toBeDefined())
  send.resolve([[0, 0]])
  await slow
  expect(fault()).toBeUndefined()
})

test('after a failed publish it is not healthy until one succeeds, or for ten seconds without traffic', async () => {
  const [first, second] = [handMade(), handMade()]
  const { publish, fault } = start([first, second])
  const fail = async (producer: ReturnType<typeof handMade>, nth: number) => {
    const failed = publish(record(0))
    const send = await nthSend(producer, nth)
    send.reject(new Error('too few replicas are in sync'))
    await expect(failed).rejects.toThrow(unavailable)
  }
  await fail(first, 1)
  await vi.waitFor(() => expect(second.connect).toHaveBeenCalled())
  await vi.waitFor(() => expect(fault()).toBe('publishing failed: Error: too few replicas are in sync'))
  const stored = publish(record(0))
  const send = await nthSend(second, 1)
  expect(fault()).toBeDefined()
  send.resolve([[0, 0]])
  await stored
  expect(fault()).toBeUndefined()

  await fail(second, 2)
  expect(fault()).toBeDefined()
  const later = performance.now() + 10_001
  vi.spyOn(performance, 'now').mockReturnValue(later)
  await vi.waitFor(() => expect(fault()).toBeUndefined())
  vi.restoreAllMocks()
})

describe('of several leaders', () => {
  const leaders = Promise.resolve([1, 1, 2, 2, 2, 2])

  test('each has a request in flight of its own, and no record waits for the answer of another leader', async () => {
    const [first, second] = [handMade(), handMade()]
    const { publish } = start([first, second], { leaders })
    const slow = [publish(record(0, 'a'))]
    const unanswered = await nthSend(first, 1)
    slow.push(publish(record(1, 'b')))
    for (const [nth, value] of ['c', 'd'].entries()) {
      const stored = publish(record(2, value))
      const send = await nthSend(second, nth + 1)
      expect(valuesOf(send)).toEqual([value])
      send.resolve([[2, nth]])
      expect(await stored).toEqual({ partition: 2, offset: nth })
    }
    expect(first.send).toHaveBeenCalledOnce()
    unanswered.resolve([[0, 5]])
    const next = await nthSend(first, 2)
    expect(valuesOf(next)).toEqual(['b'])
    next.resolve([[1, 6]])
    expect(await Promise.all(slow)).toEqual([
      { partition: 0, offset: 5 },
      { partition: 1, offset: 6 },
    ])
  })

  test('only the records of a rejected send are not confirmed, and only its producer is replaced', async () => {
    const [first, second, third] = [handMade(), handMade(), handMade()]
    const { publish, createProducer } = start([first, second, third], { leaders })
    const [failed, stored] = [publish(record(0)), publish(record(2))]
    const send = await nthSend(first, 1)
    const other = await nthSend(second, 1)
    send.reject(new Error('the connection was closed'))
    await expect(failed).rejects.toThrow(unavailable)
    other.resolve([[2, 9]])
    expect(await stored).toEqual({ partition: 2, offset: 9 })

    const again = publish(record(1, 'again'))
    expect(valuesOf(await nthSend(third, 1))).toEqual(['again'])
    third.sends[0]?.resolve([[1, 3]])
    expect(await again).toEqual({ partition: 1, offset: 3 })
    expect(second.disconnect).not.toHaveBeenCalled()
    expect(createProducer).toHaveBeenCalledTimes(3)
  })

  test('they share the limit of records that wait', async () => {
    const never = () => new Promise<void>(() => {})
    const { publish } = start([handMade(never), handMade(never)], { leaders, maxWaiting: 2, timeoutMs: 50 })
    const waiting = [publish(record(0)), publish(record(2))]
    for (const partition of [0, 2]) await expect(publish(record(partition))).rejects.toThrow(overloaded)
    for (const answer of waiting) await expect(answer).rejects.toThrow(unavailable)
  })

  test('it is not healthy while one of them does not store', async () => {
    const gate = Promise.withResolvers<void>()
    const [first, second] = [handMade(), handMade(() => gate.promise)]
    const { publish, fault } = start([first, second], { leaders })
    await vi.waitFor(() => expect(first.connect).toHaveBeenCalled())
    expect(fault()).toBe('Kafka does not answer')
    gate.resolve()
    await vi.waitFor(() => expect(fault()).toBeUndefined())

    const [failed, stored] = [publish(record(2)), publish(record(0))]
    const [bad, good] = [await nthSend(second, 1), await nthSend(first, 1)]
    bad.reject(new Error('too few replicas are in sync'))
    good.resolve([[0, 0]])
    await expect(failed).rejects.toThrow(unavailable)
    await stored
    expect(fault()).toBe('publishing failed: Error: too few replicas are in sync')
  })

  test('closing waits for the records of each, then disconnects all', async () => {
    const producers = [handMade(), handMade()]
    const { publish, close } = start(producers, { leaders })
    const answers = [publish(record(0)), publish(record(2))]
    const [one, two] = await Promise.all(producers.map((producer) => nthSend(producer, 1)))
    const closed = close()
    one?.resolve([[0, 0]])
    await answers[0]
    for (const { disconnect } of producers) expect(disconnect).not.toHaveBeenCalled()
    two?.resolve([[2, 0]])
    await closed
    for (const { disconnect } of producers) expect(disconnect).toHaveBeenCalledOnce()
  })
})

describe('when customers are spread over more partitions', () => {
  /** A layout that changes at once, as one of which a gateway learns late. */
  function changingLayout(partitions: number) {
    let current = { version: 0, partitions }
    let planned = 0
    const lease: LayoutLease = {
      ...steadyLayout(partitions),
      current: () => current,
      planned: () => planned,
      acquire: async () => current,
      isKept: async (version) => version === current.version,
    }
    return {
      lease,
      plan: (to: number) => {
        planned = to
      },
      growTo: (to: number) => {
        planned = 0
        current = { version: current.version + 1, partitions: to }
      },
    }
  }

  /** Among fewer partitions than its own, it is in the first one. */
  const moving = (partition: number, value: string) => ({
    ...record(partition, value),
    partitionAmong: (partitions: number) => (partition < partitions ? partition : 0),
  })

  const answer = ({ records, resolve }: Send) => resolve(records.map(({ partition }) => [partition, 7]))

  test('records for added partitions wait until their leaders are known; others do not, and keep their producers', async () => {
    const { lease, growTo } = changingLayout(3)
    const found = Promise.withResolvers<number[]>()
    const findLeaders = vi.fn(() => found.promise)
    const producers = Array.from({ length: 5 }, () => handMade())
    const leaders = Promise.resolve([1, 1, 2])
    const { publish, layoutChanged, createProducer } = start(producers, { lease, leaders, findLeaders })
    await vi.waitFor(() => expect(createProducer).toHaveBeenCalledTimes(2))
    growTo(6)
    layoutChanged()
    const added = [3, 4, 5].map((partition) => publish(record(partition, `${partition}`)))
    // The first two do not know the added partitions, and were replaced.
    const [, , first = handMade(), second = handMade(), third = handMade()] = producers
    const stays = publish(record(1, 'stays'))
    const send = await nthSend(first, 1)
    expect(valuesOf(send)).toEqual(['stays'])
    expect(findLeaders.mock.calls).toEqual([[6]])
    answer(send)
    await stays

    // Now others lead the first three, too.
    found.resolve([2, 2, 1, 3, 2, 1])
    const sends = await Promise.all([nthSend(first, 2), nthSend(second, 1), nthSend(third, 1)])
    expect(sends.map(valuesOf)).toEqual([['5'], ['4'], ['3']])
    sends.forEach(answer)
    expect(await Promise.all(added)).toEqual([3, 4, 5].map((partition) => ({ partition, offset: 7 })))
    const again = publish(record(1, 'again'))
    const next = await nthSend(first, 3)
    expect(valuesOf(next)).toEqual(['again'])
    answer(next)
    await again
  })

  test('leaders of added partitions are known before the change is in force, though nobody answers then', async () => {
    const { lease, plan, growTo } = changingLayout(3)
    // Those that Kafka has, one question after the other. The last one is not answered.
    const found = [
      [1, 1, 2],
      [1, 1, 2],
      [1, 1, 2, 3, 3],
    ]
    const askedAt: number[] = []
    const findLeaders = vi.fn(async () => {
      askedAt.push(performance.now())
      return found.shift() ?? new Promise<number[]>(() => {})
    })
    const producers = Array.from({ length: 6 }, () => handMade())
    const leaders = Promise.resolve([1, 1, 2])
    const { publish, layoutChanged, createProducer } = start(producers, { lease, leaders, findLeaders })
    await vi.waitFor(() => expect(createProducer).toHaveBeenCalledTimes(2))
    expect(findLeaders).not.toHaveBeenCalled()
    plan(6)
    layoutChanged()
    await vi.waitFor(() => expect(createProducer).toHaveBeenCalledTimes(3), { timeout: 5_000 })
    // As long as the topic has no more partitions, Kafka is asked some times a second at most.
    const [first = 0, second = 0, third = 0] = askedAt
    expect(second - first).toBeGreaterThan(150)
    expect(third - second).toBeGreaterThan(300)
    // The change has begun: now they must be there.
    layoutChanged()
    await vi.waitFor(() => expect(findLeaders).toHaveBeenCalledTimes(4), { timeout: 500 })
    expect(findLeaders.mock.calls).toEqual([[3], [3], [3], [3]])

    growTo(6)
    layoutChanged()
    const stored = publish(record(3, 'added'))
    const send = await vi.waitFor(
      () => producers.flatMap(({ sends }) => sends)[0] ?? expect.fail('nothing was sent'),
    )
    expect(send.records).toMatchObject([{ partition: 3, value: 'added' }])
    answer(send)
    expect(await stored).toEqual({ partition: 3, offset: 7 })
  })

  test('it is not healthy while records wait for partitions that the topic does not have', async () => {
    const { lease, growTo } = changingLayout(2)
    const findLeaders = () => new Promise<number[]>(() => {})
    const leaders = Promise.resolve([1, 1])
    const { publish, layoutChanged, fault } = start([], { lease, leaders, findLeaders, timeoutMs: 1_000 })
    growTo(4)
    layoutChanged()
    await vi.waitFor(() => expect(fault()).toBeUndefined())
    const waiting = publish(record(3))
    const expected = 'The leaders of topic from partition 2 on are not known. Check that it has 4 partitions'
    await vi.waitFor(() => expect(fault()).toBe(expected))
    await expect(waiting).rejects.toThrow(unavailable)
  })

  test('one producer is no longer enough if another broker leads an added partition', async () => {
    const { lease, growTo } = changingLayout(2)
    const found = Promise.withResolvers<number[]>()
    const producers = Array.from({ length: 3 }, () => handMade())
    const { publish, layoutChanged, createProducer } = start(producers, {
      lease,
      leaders: Promise.resolve([1, 1]),
      findLeaders: () => found.promise,
    })
    await vi.waitFor(() => expect(createProducer).toHaveBeenCalledOnce())
    growTo(3)
    layoutChanged()
    const answers = [2, 0].map((partition) => publish(record(partition, `${partition}`)))
    const [, first = handMade(), second = handMade()] = producers
    const send = await nthSend(first, 1)
    expect(valuesOf(send)).toEqual(['0'])
    answer(send)
    found.resolve([1, 1, 2])
    const next = await nthSend(second, 1)
    expect(valuesOf(next)).toEqual(['2'])
    answer(next)
    await Promise.all(answers)
    expect(first.send).toHaveBeenCalledOnce()
  })

  test('what waits for a leader that does not answer goes to the new one at once', async () => {
    const { lease, growTo } = changingLayout(2)
    const producers = Array.from({ length: 3 }, () => handMade())
    const { publish, layoutChanged, createProducer } = start(producers, {
      lease,
      leaders: Promise.resolve([1, 1, 2]),
    })
    await vi.waitFor(() => expect(createProducer).toHaveBeenCalledTimes(2))
    const [silent = handMade(), , second = handMade()] = producers
    const unanswered = publish(record(0))
    const inFlight = await nthSend(silent, 1)
    const waiting = publish(moving(2, 'waiting'))
    growTo(3)
    layoutChanged()
    const send = await nthSend(second, 1)
    expect(send.records).toMatchObject([{ partition: 2, value: 'waiting' }])
    answer(send)
    expect(await waiting).toEqual({ partition: 2, offset: 7 })
    answer(inFlight)
    // Nobody knows whether it was stored before its owner has switched.
    await expect(unanswered).rejects.toThrow(unavailable)
  })

  test('what was taken for a request under the layout before, and is sent later, goes to the new partition', async () => {
    const { lease, growTo } = changingLayout(2)
    const [first, second] = [handMade(), handMade()]
    const { publish } = start([first, second], { lease, leaders: Promise.resolve([1, 1, 1]) })
    // The largest batch is sent alone, as nothing is known of what Kafka takes.
    const large = publish(record(1, 'x'.repeat(100_000)))
    const small = publish(moving(2, 'small'))
    const one = await nthSend(first, 1)
    expect(one.records).toHaveLength(1)
    growTo(3)
    answer(one)
    await expect(large).rejects.toThrow(unavailable)
    const two = await nthSend(second, 1)
    expect(two.records).toMatchObject([{ partition: 2, value: 'small' }])
    answer(two)
    expect(await small).toEqual({ partition: 2, offset: 7 })
  })

  test('what was taken for a request, and has another leader when it is sent, is not confirmed: later records could overtake it', async () => {
    const { lease, growTo } = changingLayout(2)
    const producers = Array.from({ length: 4 }, () => handMade())
    const leaders = Promise.resolve([1, 1, 2])
    const { publish, layoutChanged, createProducer } = start(producers, { lease, leaders })
    await vi.waitFor(() => expect(createProducer).toHaveBeenCalledTimes(2))
    const [first = handMade(), second = handMade()] = producers
    // The largest batch is sent alone; the rest was taken with it.
    const large = publish(record(1, 'x'.repeat(100_000)))
    const moves = publish(moving(2, 'moves'))
    const stays = publish(record(0, 'stays'))
    const one = await nthSend(first, 1)
    expect(one.records).toHaveLength(1)
    growTo(3)
    layoutChanged()
    answer(one)
    await Promise.all([large, moves].map((lost) => expect(lost).rejects.toThrow(unavailable)))
    const retry = publish(moving(2, 'retry'))

    const sendOf = (value: string) =>
      vi.waitFor(() => {
        const sends = producers.flatMap((producer) => producer.sends)
        return sends.find((send) => valuesOf(send)?.includes(value)) ?? expect.fail(`${value} was not sent`)
      })
    const [rest, next] = await Promise.all(['stays', 'retry'].map(sendOf))
    expect([valuesOf(rest), valuesOf(next)]).toEqual([['stays'], ['retry']])
    expect(first.send).toHaveBeenCalledOnce()
    expect(second.send).not.toHaveBeenCalled()
    if (rest) answer(rest)
    if (next) answer(next)
    expect(await Promise.all([stays, retry])).toEqual([
      { partition: 0, offset: 7 },
      { partition: 2, offset: 7 },
    ])
  })
})

test('records wait until the leaders are known; once closed, nothing is connected any more', async () => {
  const known = Promise.withResolvers<number[]>()
  const producer = handMade()
  const { publish, fault, close } = start([producer], { leaders: known.promise, timeoutMs: 1_000 })
  const stored = publish(record(0))
  expect(fault()).toBe('Kafka does not answer')
  known.resolve(ONE_LEADER)
  const send = await nthSend(producer, 1)
  send.resolve([[0, 0]])
  await stored
  await close()

  const late = Promise.withResolvers<number[]>()
  const unused = start([], { leaders: late.promise })
  await unused.close()
  late.resolve(ONE_LEADER)
  await late.promise
  expect(unused.createProducer).not.toHaveBeenCalled()
})

test('closing waits for all waiting records, then disconnects', async () => {
  const producer = handMade()
  const { publish, close } = start([producer])
  const answers = [publish(record(0))]
  const first = await nthSend(producer, 1)
  answers.push(publish(record(0)))
  const closed = close()
  first.resolve([[0, 0]])
  const second = await nthSend(producer, 2)
  expect(producer.disconnect).not.toHaveBeenCalled()
  second.resolve([[0, 1]])
  await closed
  expect(await Promise.all(answers)).toHaveLength(2)
  expect(producer.disconnect).toHaveBeenCalledOnce()
})

test('closing without a producer ends when nothing waits any more', async () => {
  const { publish, close } = start([handMade(() => new Promise(() => {}))], { timeoutMs: 50 })
  const answer = publish(record(0))
  await Promise.all([close(), expect(answer).rejects.toThrow(unavailable)])
})
