import type { KafkaMessage } from 'kafkajs'
import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { outcomeSchema } from '../backbone/outcome.ts'
import { boughtQuickly } from '../test/sample-checkouts.ts'
import { createOutcomeCommitter, LogMadeAnewError } from './commit-outcomes.ts'
import { countDecisions } from './metrics.ts'
import type { OutcomeView } from './outcome-view.ts'
import { createTestRandom } from './test-random.ts'
import { dataRecord } from './test-records.ts'
import { createTestTopics, type TestTopics } from './test-topics.ts'
import { createTestViews } from './test-views.ts'
import { hashOf } from './view-record.ts'

const PARTITION = 4
const views = createTestViews()
const random = createTestRandom()

function createOwner({ view = views.open({ partitions: 6 }), next = 0, answer = undefined as Answer } = {}) {
  const topics = createTestTopics()
  const { next: followed } = view.partition(PARTITION)
  void view.append(PARTITION, { records: [], next: followed, resume: undefined, log: 'cafe0001' })
  const claim = { producer: topics.producer(answer), partition: PARTITION, next, log: 'cafe0001' }
  const registry = new Registry()
  const committer = createOutcomeCommitter(claim, {
    rules: { topic: 'DataTopic', partitions: 6, thresholdMinutes: 30, storeName: 'Falabella' },
    notificationsTopic: 'Notifications',
    deadLetters: { topic: 'dead', partitions: 3 },
    followUps: { topic: 'FollowUp', partitions: 3 },
    view,
    now: () => new Date('2025-11-26T12:00:05.000Z'),
    count: countDecisions(registry),
  })
  return { view, topics, committer, registry }
}
type Answer = Parameters<TestTopics['producer']>[0]

const event = (offset: number, eventId: string, fields: object = {}) =>
  dataRecord(offset, { ...boughtQuickly, ...fields }, { headers: { 'event-id': eventId } })

const outcomesIn = (topics: TestTopics, from = 0, end = Number.POSITIVE_INFINITY) =>
  topics
    .in('Notifications')
    .filter(({ offset }) => offset >= from && offset < end)
    .map(({ value, key, offset, partition, headers }) => {
      const outcome = outcomeSchema.parse(JSON.parse(String(value)))
      expect([String(key), partition, headers]).toEqual([outcome.eventId, PARTITION, { log: 'cafe0001' }])
      return Object.assign(outcome, { offset, json: Buffer.from(String(value)) })
    })

/** Lets the view follow what was committed, as far as it is in the log. */
function followUpTo(view: OutcomeView, topics: TestTopics, end: number) {
  const from = view.partition(PARTITION).next
  const records = outcomesIn(topics, from, end).map((outcome) => ({
    partition: PARTITION,
    offset: outcome.offset,
    eventId: outcome.eventId,
    eventHash: hashOf(outcome.eventId),
    customer: outcome.checkout?.id ?? '',
    owner: 'anonymous',
    kind: outcome.kind,
    classifiedAt: Date.parse(outcome.classifiedAt),
    json: outcome.json,
  }))
  return view.append(PARTITION, { records, next: Math.max(from, end), resume: undefined, log: 'cafe0001' })
}

test('counts what is committed by kind, and repetitions for themselves', async () => {
  const { committer, registry } = createOwner()
  await committer.commit([event(0, 'a'), event(1, 'b', { taps: 31 }), event(2, 'a')])
  await committer.commit([event(3, 'c'), event(4, 'b', { taps: 31 })])
  const counted = (await registry.metrics()).split('\n').filter((line) => line.startsWith('checkout_'))
  expect(counted).toEqual([
    'checkout_outcomes_total{kind="quick"} 2',
    'checkout_outcomes_total{kind="slow"} 1',
    'checkout_repetitions_total 2',
  ])
})

test('commits nothing under a claim on a log that was made anew', async () => {
  const { view, topics, committer } = createOwner()
  expect(committer.holds()).toBe(true)
  view.forget(PARTITION)
  expect(committer.holds()).toBe(false)
  await expect(committer.commit([event(0, 'a')])).rejects.toThrow(LogMadeAnewError)
  expect(topics.in('Notifications')).toEqual([])
  expect(committer.next()).toBe(0)
})

test('commits an outcome for each record, in one transaction and in their order', async () => {
  const { topics, committer } = createOwner({ next: 10 })
  await committer.commit([
    event(10, 'a'),
    event(11, 'b', { taps: 31 }),
    event(14, 'c', { taps: 0, folio: null }),
  ])
  expect(outcomesIn(topics)).toMatchObject([
    { eventId: 'a', kind: 'quick', source: { partition: PARTITION, offset: 10 } },
    { eventId: 'b', kind: 'slow', source: { partition: PARTITION, offset: 11 } },
    { eventId: 'c', kind: 'none', source: { partition: PARTITION, offset: 14 } },
  ])
  expect(topics.transactions()).toBe(1)
  expect(topics.in('dead')).toEqual([])
  expect(committer.next()).toBe(15)
})

test('what took long or is unverified is also followed up, as the same outcome, in the same transaction', async () => {
  const { topics, committer } = createOwner()
  await committer.commit([
    event(0, 'quick'),
    event(1, 'slow', { taps: 30.5 }),
    event(2, 'without-folio', { folio: null }),
    event(3, 'without-taps', { taps: null }),
    event(4, 'nothing', { taps: 0, folio: null }),
  ])
  expect(topics.transactions()).toBe(1)
  const followed = topics.in('FollowUp')
  expect(followed.map(({ key }) => String(key))).toEqual(['slow', 'without-folio', 'without-taps'])
  for (const { key, value, partition } of followed) {
    const outcome = topics.in('Notifications').find((message) => message.key === key)
    expect([value, partition]).toEqual([outcome?.value, PARTITION % 3])
  }
})

test('an outcome has the owner of its record, wherever it is written', async () => {
  const { topics, committer } = createOwner()
  const slow = { ...boughtQuickly, taps: 31 }
  await committer.commit([dataRecord(0, slow, { headers: { 'event-id': 'a', owner: 'web' } }), event(1, 'b')])
  const ownersIn = (topic: string) => topics.in(topic).map(({ headers }) => headers?.['owner'])
  expect(ownersIn('Notifications')).toEqual(['web', undefined])
  expect(ownersIn('FollowUp')).toEqual(['web'])
})

test('sends garbage to the dead letters in the same transaction', async () => {
  const { topics, committer } = createOwner()
  await committer.commit([event(0, 'a'), dataRecord(1, 'basura', { key: Buffer.from('k') }), event(2, 'b')])
  expect(outcomesIn(topics).map(({ kind }) => kind)).toEqual(['quick', 'invalid', 'quick'])
  expect(topics.in('dead')).toMatchObject([
    { key: Buffer.from('k'), value: Buffer.from('basura'), partition: PARTITION % 3 },
  ])
  expect(topics.transactions()).toBe(1)
})

describe('one event has one outcome', () => {
  test('when its record comes twice in a batch', async () => {
    const { topics, committer } = createOwner()
    await committer.commit([event(0, 'a'), event(1, 'a'), event(2, 'b'), event(3, 'a')])
    expect(outcomesIn(topics).map(({ eventId }) => eventId)).toEqual(['a', 'b'])
    expect(committer.next()).toBe(4)
  })

  test('when the view has not followed the first one yet', async () => {
    const { topics, committer } = createOwner()
    await committer.commit([event(0, 'a'), event(1, 'b')])
    await committer.commit([event(2, 'b'), event(3, 'c'), event(4, 'a')])
    expect(outcomesIn(topics).map(({ eventId }) => eventId)).toEqual(['a', 'b', 'c'])
  })

  test('when the view has followed it', async () => {
    const { view, topics, committer } = createOwner()
    await committer.commit([event(0, 'a'), event(1, 'b')])
    await followUpTo(view, topics, 3)
    await committer.commit([event(2, 'a')])
    await committer.commit([event(3, 'b')])
    expect(outcomesIn(topics).map(({ eventId }) => eventId)).toEqual(['a', 'b'])
  })

  test('when an owner before this one decided on it', async () => {
    const { view, topics, committer } = createOwner()
    await committer.commit([event(0, 'a'), dataRecord(1, 'basura')])
    await followUpTo(view, topics, 3)
    const heir = createOwner({ view, next: 1 })
    await heir.committer.commit([event(2, 'a'), event(3, 'b')])
    expect(outcomesIn(heir.topics).map(({ eventId }) => eventId)).toEqual(['b'])
  })

  test('and a batch of nothing but repetitions needs no transaction', async () => {
    const { topics, committer } = createOwner()
    await committer.commit([event(0, 'a')])
    await committer.commit([event(1, 'a'), event(2, 'a')])
    expect(topics.transactions()).toBe(1)
    expect(committer.next()).toBe(3)
  })
})

describe('another body under a known id is a conflict', () => {
  test.each([
    ['in the same batch', (owner: ReturnType<typeof createOwner>) => owner.committer.commit([])],
    [
      'before the view has followed the first',
      ({ committer }: ReturnType<typeof createOwner>) => committer.commit([event(0, 'a')]),
    ],
    [
      'afterwards',
      async ({ view, topics, committer }: ReturnType<typeof createOwner>) => {
        await committer.commit([event(0, 'a')])
        await followUpTo(view, topics, 2)
      },
    ],
  ])('%s', async (_, prepare) => {
    const owner = createOwner()
    await prepare(owner)
    await owner.committer.commit([event(1, 'a'), event(2, 'a', { taps: 3 }), event(3, 'a', { taps: 3 })])
    expect(outcomesIn(owner.topics).map(({ eventId, kind }) => [eventId, kind])).toEqual([
      ['a', 'quick'],
      ['a-conflict-2', 'invalid'],
      ['a-conflict-3', 'invalid'],
    ])
    expect(owner.topics.in('dead')).toHaveLength(2)
  })
})

test('a transaction that failed decides on nothing', async () => {
  const { topics, committer } = createOwner({ next: 5, answer: () => [] })
  await expect(committer.commit([event(5, 'a')])).rejects.toThrow()
  expect(topics.committed).toEqual([])
  expect(committer.next()).toBe(5)
})

test('the first in the partition wins, whatever the batches and however far the view has followed', async () => {
  const { view, topics, committer } = createOwner({ view: views.open({ partitions: 6, keepInMemory: 5 }) })
  const expected: string[] = []
  const firstBody = new Map<string, number>()
  let offset = 0
  let end = 0
  for (let round = 0; round < 150; round++) {
    const batch: KafkaMessage[] = []
    for (let i = random.below(12); i >= 0; i--) {
      const eventId = `e${random.below(120)}`
      const taps = 1 + random.below(2)
      batch.push(event(offset, eventId, { taps }))
      const first = firstBody.get(eventId)
      if (first === undefined) {
        firstBody.set(eventId, taps)
        expected.push(eventId)
      } else if (first !== taps) expected.push(`${eventId}-conflict-${offset}`)
      offset += 1 + random.below(3)
    }
    await committer.commit(batch)
    const logEnd = (topics.in('Notifications').at(-1)?.offset ?? 0) + 1
    end += random.below(logEnd - end + 1)
    await followUpTo(view, topics, end)
  }
  expect(outcomesIn(topics).map(({ eventId }) => eventId)).toEqual(expected)
})
