import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { testAdmin } from '../testing/admin.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { watchLog } from './watch-log.ts'

type Offsets = { partition: number; low: number; high: number }[]

const readModels = createTestReadModels()
const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

/** A read model of one partition, beside a log that is what `ask` answers. */
function watchWith(ask: () => Promise<Offsets>) {
  const readModel = readModels.open({ partitions: 1 })
  const admin = testAdmin({
    fetchTopicOffsets: async () =>
      (await ask()).map(({ partition, low, high }) => ({ partition, low: `${low}`, high: `${high}` })),
  })
  const log = pino({ level: 'silent' })
  const watch = watchLog({ admin, topic: 'Notifications', readModel, follows: () => true, log })
  stops.push(watch.stop)
  return { readModel, watch }
}

/** A log of one partition that goes from `low` to `high`. */
const setUp = (offsets: { low: number; high: number }) =>
  watchWith(() => Promise.resolve([{ partition: 0, ...offsets }]))

test('is behind until it has followed all that was there at the start, then by the missing records', async () => {
  const offsets = { low: 0, high: 5 }
  const { readModel, watch } = setUp(offsets)
  expect(watch.behind()).toBe('following the log up to where it ended at the start')
  await vi.waitFor(() => expect(watch.lag()).toBe(5))
  await follow(readModel, 0, range(0, 5))
  await watch.untilCaughtUp()
  expect(watch.behind()).toBeUndefined()
  offsets.high = 20_000
  await vi.waitFor(() => expect(watch.behind()).toBe('19995 records behind the log'), 5_000)
})

test('serves nothing of a copy before its partitions are claimed on this cluster', async () => {
  const { readModel, watch } = setUp({ low: 0, high: 2 })
  const batch = { records: [], resume: undefined, log: 'aaaaaaaa' }
  await readModel.append(0, { ...batch, next: 2, copied: { since: undefined, former: [] } })
  await watch.untilCaughtUp()
  expect(watch.withheld()).toContain('Notifications was copied from another cluster')
  expect(watch.behind()).toBe(watch.withheld())
  await readModel.append(0, {
    ...batch,
    next: 3,
    log: 'bbbbbbbb',
    copied: { since: 2, former: ['aaaaaaaa'] },
  })
  expect(watch.withheld()).toBeUndefined()
  expect(watch.behind()).toBeUndefined()
})

test('lets the read model remove what retention has removed', async () => {
  const { readModel, watch } = setUp({ low: 3, high: 5 })
  await vi.waitFor(() => expect(readModel.partition(0).first).toBe(3))
  await follow(readModel, 0, [3, 4])
  await watch.untilCaughtUp()
})

test('a log that is recreated meanwhile is followed up to its own end', async () => {
  const offsets = { low: 0, high: 1_000 }
  const { readModel, watch } = setUp(offsets)
  await vi.waitFor(() => expect(watch.lag()).toBe(1_000))
  offsets.high = 3
  await follow(readModel, 0, range(0, 3))
  await vi.waitFor(() => expect(watch.caughtUp()).toBe(true), 5_000)
  expect(watch.behind()).toBeUndefined()
})

test('offsets that were requested before the topic was recreated are not applied to the new log', async () => {
  const answers: PromiseWithResolvers<Offsets>[] = []
  const { readModel, watch } = watchWith(() => {
    const answer = Promise.withResolvers<Offsets>()
    answers.push(answer)
    return answer.promise
  })
  await follow(readModel, 0, range(0, 600))
  readModel.forget(0)
  await follow(readModel, 0, range(0, 3), undefined, 'bbbbbbbb')
  answers[0]?.resolve([{ partition: 0, low: 500, high: 600 }])
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  expect(readModel.partition(0)).toMatchObject({ first: 0, next: 3 })
  expect(watch.caughtUp()).toBe(false)
  answers[1]?.resolve([{ partition: 0, low: 0, high: 3 }])
  await watch.untilCaughtUp()
  expect(watch.lag()).toBe(0)
})

test('partitions of the log that the read model lacks are ignored', async () => {
  const { readModel, watch } = watchWith(() =>
    Promise.resolve([0, 1].map((partition) => ({ partition, low: 2, high: 5 }))),
  )
  await vi.waitFor(() => expect(watch.lag()).toBe(3))
  await follow(readModel, 0, range(2, 5))
  await watch.untilCaughtUp()
})
