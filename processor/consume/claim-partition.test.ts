import { describe, expect, test, vi } from 'vitest'
import { UnconfirmedError } from '../kafka/transactional-producer.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { createTestTopics, type TestTopics } from '../testing/topics.ts'
import { ClaimEndedError, claimPartition } from './claim-partition.ts'
import { MARGIN_MS } from './resume-copy.ts'

const PARTITION = 2
const NOON = Date.UTC(2026, 10, 30, 12)
const readModels = createTestReadModels()

function setUp({
  confirms,
  end = 0,
}: {
  confirms?: Parameters<TestTopics['producer']>[0]
  end?: number
} = {}) {
  const readModel = readModels.open()
  const topics = createTestTopics()
  topics.setEnd('Notifications', PARTITION, end)
  const producer = topics.producer(confirms)
  const startingOffset = vi.fn((_: number, resume: number | undefined) =>
    Promise.resolve({ next: resume ?? 0, end: 100 }),
  )
  const released = new AbortController()
  const options = {
    createProducer: () => producer,
    topic: 'Notifications',
    memberId: 'member-1',
    member: 'processor-1',
    cluster: 'cluster-b',
    readModel,
    startingOffset,
  }
  const claim = () => claimPartition(PARTITION, options, released.signal)
  return { readModel, topics, producer, startingOffset, released, claim }
}
const followed = (
  readModel: ReturnType<typeof readModels.open>,
  next: number,
  log = 'aaaaaaaa',
  resume?: number,
) => readModel.append(PARTITION, { records: [], next, resume, log })
const claimed = (topics: TestTopics, times = 1) =>
  vi.waitFor(() => expect(topics.committed).toHaveLength(times))
/** The second claim of an owner who met a log without a name. */
const named = async (readModel: ReturnType<typeof readModels.open>, topics: TestTopics) => {
  await claimed(topics, 2)
  const { offset, headers } = topics.committed[1] ?? {}
  const { claim, log } = headers as { claim: string; log: string }
  expect(claim).toBe('member-1')
  await followed(readModel, Number(offset) + 1, log)
  return log
}

test('a claim is written first, and holds once the read model has followed the log up to it', async () => {
  const { readModel, topics, producer, claim } = setUp({ end: 40 })
  await followed(readModel, 30, 'aaaaaaaa', 17)
  const owner = claim()
  await claimed(topics)
  expect(topics.committed).toEqual([
    {
      topic: 'Notifications',
      partition: PARTITION,
      offset: 40,
      key: null,
      value: null,
      headers: { claim: 'member-1', member: 'processor-1', cluster: 'cluster-b' },
    },
  ])
  await followed(readModel, 40, 'aaaaaaaa', 23)
  expect(await Promise.race([owner, Promise.resolve('not yet')])).toBe('not yet')
  await followed(readModel, 41, 'aaaaaaaa', 23)
  expect(await owner).toEqual({
    producer,
    partition: PARTITION,
    offset: 40,
    next: 23,
    end: 100,
    log: 'aaaaaaaa',
    copied: undefined,
  })
  expect(producer.connected()).toBe(true)
})

test('a partition that is released during the connect is not claimed', async () => {
  const { topics, released, claim } = setUp({ end: 40 })
  const owner = claim()
  released.abort()
  await expect(owner).rejects.toThrow()
  expect(topics.committed).toEqual([])
})

test('the first owner of an empty log gives it a name', async () => {
  const names = new Set<string>()
  for (let i = 0; i < 20; i++) {
    const { readModel, topics, claim } = setUp()
    const owner = claim()
    await claimed(topics)
    await followed(readModel, 1, '')
    const name = await named(readModel, topics)
    const { log, next } = await owner
    expect(log).toBe(name)
    expect(log).toMatch(/^[0-9a-f]{8}$/)
    expect(next).toBe(0)
    names.add(log)
  }
  expect(names.size).toBe(20)
})

test('the first owner of a copy gives it a name of its own, and resumes by the times of its outcomes', async () => {
  const { readModel, topics, startingOffset, claim } = setUp({ end: 3 })
  const former = { since: undefined, former: [] }
  const records = range(1, 3).map((offset) =>
    outcomeRecord(PARTITION, offset, { classifiedAt: NOON + offset }),
  )
  await readModel.append(PARTITION, { records, next: 3, resume: undefined, log: 'aaaaaaaa', copied: former })
  const owner = claim()
  await claimed(topics)
  await followed(readModel, 4)
  await claimed(topics, 2)
  const { offset = 0, headers = {} } = topics.committed[1] ?? {}
  const { log } = headers as { log: string }
  expect(headers).toEqual({
    claim: 'member-1',
    member: 'processor-1',
    cluster: 'cluster-b',
    log: expect.stringMatching(/^[0-9a-f]{8}$/),
    'copied-from': 'aaaaaaaa',
  })
  await readModel.append(PARTITION, {
    records: [],
    next: offset + 1,
    resume: undefined,
    log,
    copied: { since: offset, former: ['aaaaaaaa'] },
  })
  expect(await owner).toMatchObject({ log, copied: { decidedUntil: NOON + 1 - MARGIN_MS } })
  expect(startingOffset).toHaveBeenCalledWith(PARTITION, undefined, false, NOON + 1 - MARGIN_MS)
})

test('an owner does not decide by a copy that got another name before its own', async () => {
  const { readModel, topics, producer, startingOffset, claim } = setUp({ end: 3 })
  const copied = { since: undefined, former: [] }
  await readModel.append(PARTITION, { records: [], next: 3, resume: undefined, log: 'aaaaaaaa', copied })
  const owner = claim()
  await claimed(topics)
  await followed(readModel, 4)
  await claimed(topics, 2)
  const { offset = 0, headers } = topics.committed[1] ?? {}
  expect(headers).toMatchObject({ 'copied-from': 'aaaaaaaa' })
  await readModel.append(PARTITION, {
    records: [],
    next: offset + 1,
    resume: undefined,
    log: 'bbbbbbbb',
    copied: { since: undefined, former: ['aaaaaaaa'] },
  })
  await expect(owner).rejects.toThrow('another name')
  expect(startingOffset).not.toHaveBeenCalled()
  expect(producer.connected()).toBe(false)
})

test('startingOffset learns whether retention has removed outcomes', async () => {
  for (const first of [0, 5]) {
    const { readModel, topics, startingOffset, claim } = setUp({ end: 7 })
    await followed(readModel, 7, 'aaaaaaaa')
    readModel.cut(PARTITION, first)
    const owner = claim()
    await claimed(topics)
    await followed(readModel, 8)
    await owner
    expect(startingOffset).toHaveBeenCalledWith(PARTITION, undefined, first > 0, undefined)
  }
})

describe('a claim that comes to nothing disconnects its producer', () => {
  test('when it was not confirmed', async () => {
    const { producer, claim } = setUp({ confirms: () => false })
    await expect(claim()).rejects.toThrow(UnconfirmedError)
    expect(producer.connected()).toBe(false)
  })

  test('when the partition is released meanwhile', async () => {
    const { topics, producer, released, claim } = setUp()
    const owner = claim()
    await claimed(topics)
    released.abort()
    await expect(owner).rejects.toThrow(ClaimEndedError)
    expect(producer.connected()).toBe(false)
  })

  test('when the offset to begin at is unknown', async () => {
    const { readModel, topics, producer, startingOffset, claim } = setUp()
    startingOffset.mockRejectedValue(new Error('no broker'))
    const owner = claim()
    await claimed(topics)
    await followed(readModel, 1)
    await expect(owner).rejects.toThrow('no broker')
    expect(producer.connected()).toBe(false)
  })
})

test('a read model that is beyond the end of the log has followed another log, and is emptied', async () => {
  const { readModel, topics, startingOffset, claim } = setUp({ end: 0 })
  await follow(readModel, PARTITION, range(0, 50))
  const owner = claim()
  await claimed(topics)
  expect(await Promise.race([owner, Promise.resolve('not yet')])).toBe('not yet')
  await followed(readModel, 1, '')
  await named(readModel, topics)
  expect((await owner).log).not.toBe('aaaaaaaa')
  expect(startingOffset).toHaveBeenCalledWith(PARTITION, undefined, false, undefined)
  expect(readModel.find('event-2-7')).toBeUndefined()
})
