import { expect, test } from 'vitest'
import { createLayoutState } from '../../backbone/layout/layout-state.ts'
import { LEASE_MS } from '../../backbone/layout/lease.ts'
import { createLayoutLease } from './layout-lease.ts'

/** A layout of 2 partitions that is to become one of 3, as this gateway learns of it. */
function setUp() {
  const state = createLayoutState(() => 2)
  let time = 10_000
  let steadyAt = 10_000
  let begunAt = 0
  let isRefused = false
  const waiting: { isSo: () => boolean; resolve: () => void }[] = []
  const wake = () => waiting.filter(({ isSo }) => isSo()).forEach(({ resolve }) => resolve())
  const lease = createLayoutLease({
    now: () => time,
    layout: {
      current: state.current,
      steadyAt: () => steadyAt,
      begunAt: () => begunAt,
      isRefused: () => isRefused,
      until: (isSo) =>
        isSo() ? Promise.resolve() : new Promise((resolve) => waiting.push({ isSo, resolve })),
    },
  })
  return {
    lease,
    passTime: (ms: number) => {
      time += ms
    },
    fetch() {
      if (!state.current().change) steadyAt = time
      wake()
    },
    begin() {
      begunAt = time
      const planned = { partitions: 3, former: { homes: 2, partitions: 2 }, begun: true }
      state.take({ of: 'layout', version: 1, planned })
      wake()
    },
    switchTo(partition: number) {
      state.take({ of: 'switched', version: 1, partition, switched: { offset: 0, log: '' } })
    },
    refuse() {
      isRefused = true
      wake()
    },
  }
}

const isSettled = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 10))])

test('a change holds checkouts until it is in force, and until that was asked for', async () => {
  const { lease, begin, switchTo, fetch, passTime } = setUp()
  expect(await lease.acquire()).toEqual({ version: 0, partitions: 2 })
  begin()
  const before = lease.clock()
  passTime(3_000)
  expect(lease.isHeld()).toBe(true)
  expect(lease.clock()).toBe(before)
  const next = lease.acquire()
  switchTo(0)
  fetch()
  expect(await isSettled(next)).toBe(false)
  switchTo(1)
  fetch()
  expect(await next).toEqual({ version: 1, partitions: 3 })
  expect(lease.isHeld()).toBe(false)
  passTime(100)
  expect(lease.clock()).toBe(before + 100)
})

test('a gateway that has not asked for long neither sends nor acknowledges before it has asked', async () => {
  const { lease, fetch, passTime } = setUp()
  expect(await lease.isKept(0)).toBe(true)
  passTime(LEASE_MS)
  const [sends, acknowledges] = [lease.acquire(), lease.isKept(0)]
  expect(await isSettled(Promise.race([sends, acknowledges]))).toBe(false)
  fetch()
  expect([await sends, await acknowledges]).toEqual([{ version: 0, partitions: 2 }, true])
})

test('what was sent before a change is acknowledged as long as no owner has switched, and not later', async () => {
  const { lease, begin, passTime, switchTo, fetch } = setUp()
  begin()
  passTime(LEASE_MS - 1)
  expect(await lease.isKept(0)).toBe(true)
  passTime(1)
  expect(await lease.isKept(0)).toBe(false)
  switchTo(0)
  switchTo(1)
  fetch()
  expect(await lease.isKept(0)).toBe(false)
  expect(await lease.isKept(1)).toBe(true)
})

test('a gateway that may not read the layout goes by the one that it knows', async () => {
  const { lease, refuse, passTime } = setUp()
  passTime(LEASE_MS)
  const next = lease.acquire()
  refuse()
  expect(await next).toEqual({ version: 0, partitions: 2 })
  expect(await lease.isKept(0)).toBe(true)
})

test('checkouts that wait for a change that does not end are answered in the end', () => {
  const { lease, begin, passTime } = setUp()
  begin()
  const before = lease.clock()
  passTime(60_000)
  expect(lease.clock()).toBe(before + 50_000)
})
