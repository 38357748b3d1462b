import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { baseKinds, outcomeSchema } from '../../backbone/records/outcome.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import type { WasRejectedElsewhere } from '../classify/decide-outcome.ts'
import { countDecisions } from '../metrics.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { builtInMessages } from '../testing/messages.ts'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { dataRecord, outcomeRecord } from '../testing/records.ts'
import { createTestTopics, type TestTopics } from '../testing/topics.ts'
import { createOutcomeCommitter, LogChangedError } from './commit-outcomes.ts'

const PARTITION = 4
const NOW = new Date('2025-11-26T12:00:05.000Z')
const readModels = createTestReadModels()
const random = createTestRandom()

interface Owner {
  readModel?: ReadModel
  next?: number
  /** The position of the read model in the log. */
  end?: number
  /** Transaction markers after that, at the end of the log. */
  markers?: number
  confirms?: Parameters<TestTopics['producer']>[0]
  beforeCommit?: (readModel: ReadModel) => void
  wasRejected?: WasRejectedElsewhere
}

function createOwner({
  readModel = readModels.open({ partitions: 6 }),
  next = 0,
  end = 0,
  markers = 0,
  confirms,
  beforeCommit = () => undefined,
  wasRejected,
}: Owner = {}) {
  const topics = createTestTopics()
  topics.setEnd('Notifications', PARTITION, end + markers)
  void readModel.append(PARTITION, { records: [], next: end, resume: undefined, log: 'cafe0001' })
  const producer = topics.producer(confirms, () => beforeCommit(readModel))
  const copied = wasRejected && { decidedUntil: 0, wasRejected }
  const claim = { producer, partition: PARTITION, next, log: 'cafe0001', copied }
  const registry = new Registry()
  const committer = createOutcomeCommitter(claim, {
    rules: {
      topic: 'DataTopic',
      homes: [6],
      longestPlausibleMinutes: 10_080,
      messages: builtInMessages,
    },
    dataTopic: 'DataTopic',
    notificationsTopic: 'Notifications',
    deadLetters: { topic: 'dead', partitions: 3 },
    followUps: { topic: 'FollowUp', partitions: 3 },
    readModel,
    now: () => NOW,
    count: countDecisions(registry),
  })
  return { readModel, topics, committer, registry }
}

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

test('counts committed outcomes by kind, and repetitions separately', async () => {
  const { committer, registry } = createOwner()
  await committer.commit([event(0, 'a'), event(1, 'b', { taps: 31 }), event(2, 'a')])
  await committer.commit([event(3, 'c'), event(4, 'b', { taps: 31 })])
  const counted = (await registry.metrics())
    .split('\n')
    .filter((line) => /^checkout_\w+_total.* [1-9]/.test(line))
  expect(counted).toEqual([
    'checkout_outcomes_total{kind="quick"} 2',
    'checkout_outcomes_total{kind="slow"} 1',
    'checkout_repetitions_total 2',
  ])
})

test('remembers the last record it has decided on', async () => {
  const { committer, topics } = createOwner()
  const repeated = event(2, 'a')
  expect(committer.last()).toBeUndefined()
  await committer.commit([event(0, 'a'), event(1, 'b'), repeated])
  const { offset, timestamp, value } = repeated
  expect(committer.last()).toEqual({ offset, timestamp, value })
  expect(outcomesIn(topics)).toHaveLength(2)

  committer.goBack(0)
  expect([committer.next(), committer.last()]).toEqual([0, undefined])
})

test('commits nothing under a claim on a log that was recreated', async () => {
  const { readModel, topics, committer } = createOwner()
  expect(committer.holds()).toBe(true)
  readModel.forget(PARTITION)
  expect(committer.holds()).toBe(false)
  await expect(committer.commit([event(0, 'a')])).rejects.toThrow(LogChangedError)
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
    event(5, 'faulty', { email: 'María José.Díaz@mail.com' }),
    event(6, 'implausible', { taps: 20_000 }),
  ])
  expect(topics.transactions()).toBe(1)
  expect(topics.in('dead')).toEqual([])
  const followed = topics.in('FollowUp')
  expect(followed.map(({ key }) => String(key))).toEqual([
    'slow',
    'without-folio',
    'without-taps',
    'faulty',
    'implausible',
  ])
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

  test('when its record comes again later', async () => {
    const { topics, committer } = createOwner()
    await committer.commit([event(0, 'a'), event(1, 'b')])
    await committer.commit([event(2, 'b'), event(3, 'c'), event(4, 'a')])
    expect(outcomesIn(topics).map(({ eventId }) => eventId)).toEqual(['a', 'b', 'c'])
  })

  test('when an owner before this one decided on it', async () => {
    const { readModel, committer } = createOwner()
    await committer.commit([event(0, 'a'), dataRecord(1, 'basura')])
    const heir = createOwner({ readModel, next: 1, end: 3 })
    await heir.committer.commit([event(2, 'a'), event(3, 'b')])
    expect(outcomesIn(heir.topics).map(({ eventId }) => eventId)).toEqual(['b'])
  })

  test('when the record is of a purchase with faults', async () => {
    const { topics, committer } = createOwner()
    const faulty = { email: 'María José.Díaz@mail.com', nombre: ['x'], edad: JSON.parse('1e400') }
    await committer.commit([event(0, 'a', faulty)])
    await committer.commit([event(1, 'a', faulty), event(2, 'a', { ...faulty, email: 'nobody' })])
    expect(outcomesIn(topics).map(({ eventId, kind }) => [eventId, kind])).toEqual([
      ['a', 'unverified'],
      ['a-conflict-2', 'invalid'],
    ])
  })

  test('when an earlier version has stored it with fewer corrections', async () => {
    const { readModel, committer } = createOwner()
    await committer.commit([event(0, 'b')])
    const before = { ...boughtQuickly, nombre: 'Mari\u0301a\u200d' }
    const stored = outcomeRecord(PARTITION, 1, { eventId: 'a' })
    const json = Buffer.from(
      String(stored.json).replace(JSON.stringify(boughtQuickly), JSON.stringify(before)),
    )
    await readModel.append(PARTITION, { records: [{ ...stored, json }], next: 2, resume: 2, log: 'cafe0001' })
    const heir = createOwner({ readModel, next: 2, end: 2 })
    await heir.committer.commit([
      event(2, 'a', { nombre: 'María' }),
      event(3, 'a', { nombre: 'Mari\u0301a\u200d' }),
    ])
    expect(outcomesIn(heir.topics)).toEqual([])
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
    ['in the same batch', []],
    ['later', [event(0, 'a')]],
  ])('%s', async (_, before) => {
    const owner = createOwner()
    await owner.committer.commit(before)
    await owner.committer.commit([event(1, 'a'), event(2, 'a', { taps: 3 }), event(3, 'a', { taps: 3 })])
    expect(outcomesIn(owner.topics).map(({ eventId, kind }) => [eventId, kind])).toEqual([
      ['a', 'quick'],
      ['a-conflict-2', 'invalid'],
      ['a-conflict-3', 'invalid'],
    ])
    expect(owner.topics.in('dead')).toHaveLength(2)
  })
})

describe('after outcomes that were copied from another cluster', () => {
  // There, the record of "a" was at offset 0, and a conflict with it at offset 2.
  async function createNewOwner(wasRejected: WasRejectedElsewhere = () => false) {
    const readModel = readModels.open({ partitions: 6 })
    const copy = createOwner({ readModel })
    await copy.committer.commit([event(0, 'a'), event(2, 'a', { taps: 3 })])
    const next = readModel.partition(PARTITION).next + 1
    const copied = { since: next - 1, former: ['cafe0001'] }
    const batch = { records: [], resume: undefined, log: 'cafe0001' }
    await readModel.append(PARTITION, { ...batch, next, copied })
    const owner = createOwner({ readModel, end: next, wasRejected })
    const commit = async (...records: StoredRecord[]) => {
      await owner.committer.commit(records)
      return outcomesIn(owner.topics).map(({ eventId }) => eventId)
    }
    return { commit, dead: () => owner.topics.in('dead') }
  }

  test('their events are not decided again, at whatever offsets they are', async () => {
    const { commit } = await createNewOwner()
    expect(await commit(event(5, 'a'), event(6, 'b'), event(7, 'b'))).toEqual(['b'])
  })

  test('an equal offset does not make another record the same one', async () => {
    const { commit, dead } = await createNewOwner()
    const another = event(2, 'a', { taps: 7 })
    expect(await commit(another)).toEqual([`a-conflict-2-p${PARTITION}`])
    expect(await commit(another)).toHaveLength(1)
    expect(dead()).toHaveLength(1)
  })

  test('a record that was rejected there is not rejected again', async () => {
    const { commit, dead } = await createNewOwner((_, idAt) => idAt(2) === 'a-conflict-2')
    expect(await commit(event(9, 'a', { taps: 3 }), dataRecord(10, 'no JSON'))).toHaveLength(1)
    expect(dead()).toHaveLength(1)
  })
})

test('a transaction that failed decides on nothing', async () => {
  const { topics, committer } = createOwner({ next: 5, confirms: () => false })
  await expect(committer.commit([event(5, 'a')])).rejects.toThrow()
  expect(topics.committed).toEqual([])
  expect(committer.next()).toBe(5)
})

test('the first in the partition wins, whatever the batches', async () => {
  const { topics, committer } = createOwner({
    readModel: readModels.open({ partitions: 6, keepInMemory: 5 }),
  })
  const expected: string[] = []
  const firstBody = new Map<string, number>()
  let offset = 0
  for (let round = 0; round < 150; round++) {
    const batch: StoredRecord[] = []
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
  }
  expect(outcomesIn(topics).map(({ eventId }) => eventId)).toEqual(expected)
})

describe('a committed outcome is in the read model at once', () => {
  test('with the bytes and at the offsets of the log, and how far the partition is', async () => {
    const { readModel, topics, committer } = createOwner({ next: 7 })
    await committer.commit([event(7, 'a'), dataRecord(9, 'basura'), event(10, 'a')])
    await committer.commit([dataRecord(12, boughtQuickly, { headers: { 'event-id': 'b', owner: 'web' } })])
    const { records } = readModel.after(Array(6).fill(0), { kinds: new Set(baseKinds) }, 10)
    expect(records.map(({ offset, json }) => ({ offset, json: Buffer.from(json).toString() }))).toEqual(
      topics.in('Notifications').map(({ offset, value }) => ({ offset, json: String(value) })),
    )
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 3])
    expect(records).toMatchObject([
      { kind: 'quick', customer: boughtQuickly.id, owner: 'anonymous', classifiedAt: NOW.getTime() },
      { kind: 'invalid', customer: '' },
      { kind: 'quick', owner: 'web' },
    ])
    expect(readModel.find('b')?.owner).toBe('web')
    expect(readModel.partition(PARTITION)).toMatchObject({ next: 4, resume: 13, log: 'cafe0001' })
  })

  test('after whatever the claim has left in the log, followed or not', async () => {
    for (const markers of [0, 1]) {
      const { readModel, committer } = createOwner({ end: 20, markers })
      await committer.commit([event(0, 'a')])
      expect(readModel.partition(PARTITION).next).toBe(20 + markers + 1)
    }
  })

  test.each([
    ['another program has written to the log', 5],
    ['the log was recreated', -15],
  ])('but not when %s: the claim no longer holds', async (_, shift) => {
    const { readModel, topics, committer } = createOwner({ end: 20, markers: shift })
    await expect(committer.commit([event(0, 'a')])).rejects.toThrow(LogChangedError)
    expect(topics.in('Notifications')).toHaveLength(1)
    expect(readModel.find('a')).toBeUndefined()
    expect(readModel.partition(PARTITION).next).toBe(20)
  })

  test('but not when the read model has forgotten the log while it was committed', async () => {
    const { readModel, committer } = createOwner({ end: 20, beforeCommit: (of) => of.forget(PARTITION) })
    await expect(committer.commit([event(0, 'a')])).rejects.toThrow(LogChangedError)
    expect(readModel.partition(PARTITION).next).toBe(0)
  })
})
