import { expect, test, vi } from 'vitest'
import { createLayoutState } from '../../backbone/layout/layout-state.ts'
import type { CopiedLog } from '../read-model/record.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { createTestTopics } from '../testing/topics.ts'
import { createLayoutEntry } from './enter-layout.ts'

// Customers of 5 were at home in 1, which switched at offset 40.
const NEW_HOME = 5
const FORMER_HOME = 1
const BARRIER = 40
const LOG = 'aaaaaaaa'
const readModels = createTestReadModels()

/** A system that has grown from 6 to 12 partitions, and the log of the former home as this process knows it. */
async function setUp({ next, log, copied }: { next: number; log: string; copied?: CopiedLog }) {
  const layout = createLayoutState(() => 6)
  const former = { homes: 6, partitions: 6 }
  layout.take({ of: 'layout', version: 1, planned: { partitions: 12, former, begun: true } })
  for (const partition of Array(6).keys())
    layout.take({ of: 'switched', version: 1, partition, switched: { offset: BARRIER, log: LOG } })
  const readModel = readModels.open({ partitions: 12 })
  const know = (offset: number) =>
    readModel.append(FORMER_HOME, { records: [], next: offset, resume: undefined, log, copied })
  await know(next)
  const followed = new Set<number>()
  const enter = createLayoutEntry({
    layout: { ...layout, readToEnd: async () => undefined, until: async () => undefined },
    topics: { DATA_TOPIC: 'DataTopic', LAYOUT_TOPIC: 'Layout' },
    readModel,
    endOfLog: async () => Math.max(next, BARRIER + 10),
    follow(partition) {
      followed.add(partition)
      return () => followed.delete(partition)
    },
  })
  const claim = {
    producer: createTestTopics().producer(),
    partition: NEW_HOME,
    offset: 0,
    next: 0,
    end: 0,
    log: 'cccccccc',
    copied: undefined,
  }
  return { know, followed, entered: enter(claim, undefined, new AbortController().signal) }
}

test('a new home knows what its customers’ former home decided before it decides', async () => {
  const { know, followed, entered } = await setUp({ next: 10, log: LOG })
  await expect.poll(() => [...followed]).toEqual([FORMER_HOME])
  await know(BARRIER)
  expect(await Promise.race([entered, Promise.resolve('not yet')])).toBe('not yet')
  await know(BARRIER + 1)
  expect(await entered).toEqual([6, 12])
  expect(followed.size).toBe(0)
})

test('of a copy from another cluster it knows what precedes its first claim here, whatever the offset was there', async () => {
  const { entered } = await setUp({ next: 31, log: 'bbbbbbbb', copied: { since: 30, former: [LOG] } })
  expect(await entered).toEqual([6, 12])
})

test('it does not decide while a copy has no owner on this cluster', async () => {
  const { entered } = await setUp({
    next: BARRIER + 10,
    log: LOG,
    copied: { since: undefined, former: [] },
  })
  await expect(entered).rejects.toThrow('have no owner yet')
})

test('a partition that switches decides by nothing but the new layout, also if Kafka shows its own record late', async () => {
  const layout = createLayoutState(() => 6)
  const former = { homes: 6, partitions: 6 }
  layout.take({ of: 'layout', version: 1, planned: { partitions: 12, former, begun: true } })
  const topics = createTestTopics()
  const readModel = readModels.open({ partitions: 12 })
  const enter = createLayoutEntry({
    layout: {
      ...layout,
      readToEnd: async () => undefined,
      until: (isSo) => vi.waitFor(() => expect(isSo()).toBe(true), { interval: 5, timeout: 5_000 }),
    },
    topics: { DATA_TOPIC: 'DataTopic', LAYOUT_TOPIC: 'Layout' },
    readModel,
    endOfLog: async () => 0,
    follow: () => () => undefined,
  })
  const claimed = {
    producer: topics.producer(),
    partition: 0,
    offset: 9,
    next: 0,
    end: 0,
    log: LOG,
    copied: undefined,
  }
  const entered = enter(claimed, 1, new AbortController().signal)
  await expect.poll(() => topics.committed.map(({ topic }) => topic)).toEqual(['Layout'])
  expect(await Promise.race([entered, Promise.resolve('not yet')])).toBe('not yet')
  for (const partition of Array(6).keys())
    layout.take({ of: 'switched', version: 1, partition, switched: { offset: 9, log: LOG } })
  void readModel.append(2, { records: [], next: 10, resume: undefined, log: LOG })
  expect(await entered).toEqual([6, 12])
})
