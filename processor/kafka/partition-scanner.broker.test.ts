import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import { createContractTopics } from '../../test/contracts/test-topics.ts'
import { createPartitionScanner } from './partition-scanner.ts'

const SOON = { timeout: 20_000, interval: 50 }
const KEEP_MS = 500
const topics = createContractTopics()
const stops: (() => Promise<void>)[] = []
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())))

async function setUp() {
  const topic = await topics.create(2)
  const groupPrefix = `scan-${randomUUID().slice(0, 8)}`
  const log = pino({ level: 'silent' })
  const options = { kafka: topics.kafka, topic, partitions: () => 2, groupPrefix, refusals: noRefusals, log }
  const scanner = createPartitionScanner({ ...options, keepForMs: KEEP_MS })
  stops.push(scanner.stop)

  /** The values from an offset on, up to `last` or the time limit. */
  async function scan(partition: number, from: number, last: string, withinMs = 20_000) {
    const values: string[] = []
    let next = from
    const onRecords = (records: { value: Buffer | null }[], reached: number) => {
      values.push(...records.map(({ value }) => String(value)))
      next = reached
      return !values.includes(last)
    }
    await scanner.scan({ partition, from, onRecords }, AbortSignal.timeout(withinMs))
    return { values, next }
  }
  const members = async (groupId: string) => {
    const { groups } = await topics.admin.describeGroups([groupId])
    return groups[0]?.members.length ?? 0
  }
  return { topic, groupPrefix, scanner, scan, members }
}

test('scans one partition after the other, from any offset, forwards and back', async () => {
  const { topic, scan } = await setUp()
  await topics.send(topic, 0, 'a', 'b', 'c')
  await topics.transact('abort', topic, 0, 'x')
  await topics.send(topic, 1, 'd', 'e')
  expect(await scan(0, 1, 'c')).toMatchObject({ values: ['b', 'c'] })
  expect(await scan(1, 1, 'e')).toEqual({ values: ['e'], next: 2 })
  expect(await scan(0, 0, 'c')).toMatchObject({ values: ['a', 'b', 'c'] })
  await topics.send(topic, 0, 'f')
  // Behind an aborted record and its marker.
  expect(await scan(0, 3, 'f')).toEqual({ values: ['f'], next: 6 })
})

test('ends at the time limit where nothing comes, and goes on from elsewhere', async () => {
  const { topic, scan } = await setUp()
  await topics.send(topic, 0, 'a')
  expect(await scan(1, 0, 'never', 300)).toEqual({ values: [], next: 0 })
  expect(await scan(0, 0, 'a')).toEqual({ values: ['a'], next: 1 })
})

test('a scan that begins while its predecessor leaves the group is not disturbed by that', async () => {
  const { topic, scanner, scan } = await setUp()
  await topics.send(topic, 0, 'a', 'b')
  await scan(0, 0, 'b')
  const leaving = scanner.stop()
  expect(await scan(0, 0, 'b')).toEqual({ values: ['a', 'b'], next: 2 })
  await leaving
  expect(await scan(0, 1, 'b', 2_000)).toEqual({ values: ['b'], next: 2 })
})

test('stays connected for a while after a scan, then leaves its group, and connects again', async () => {
  const { topic, groupPrefix, scanner, scan, members } = await setUp()
  await topics.send(topic, 0, 'a')
  await scan(0, 0, 'a')
  expect(await members(`${groupPrefix}-0-0`)).toBe(1)
  expect(scanner.groups()).toEqual([])
  await vi.waitFor(async () => expect(await members(`${groupPrefix}-0-0`)).toBe(0), SOON)
  await vi.waitFor(() => expect(scanner.groups()).toEqual([`${groupPrefix}-0-0`]), SOON)
  expect(await scan(0, 0, 'a')).toEqual({ values: ['a'], next: 1 })
  expect(await members(`${groupPrefix}-1-0`)).toBe(1)
})
