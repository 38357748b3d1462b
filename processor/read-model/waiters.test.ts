import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createWaiters } from './waiters.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setUp() {
  const waiters = createWaiters()
  let value: string | undefined
  let probes = 0
  const probe = () => {
    probes += 1
    return value
  }
  const becomes = (next: string | undefined) => {
    value = next
    waiters.wake()
  }
  return { waiters, probe, becomes, probes: () => probes }
}

test('a true condition resolves immediately', async () => {
  const { waiters, probe, becomes } = setUp()
  becomes('here')
  expect(await waiters.until(probe, 1_000, [])).toBe('here')
  expect(vi.getTimerCount()).toBe(0)
})

test('every waiter resolves as soon as it is true, and not before', async () => {
  const { waiters, probe, becomes } = setUp()
  const answers = Promise.all([waiters.until(probe, 1_000, []), waiters.until(probe, 2_000, [])])
  becomes(undefined)
  await vi.advanceTimersByTimeAsync(999)
  expect(await Promise.race([answers, Promise.resolve('still waiting')])).toBe('still waiting')
  becomes('now')
  expect(await answers).toEqual(['now', 'now'])
})

test('false and zero are results', async () => {
  const waiters = createWaiters()
  expect(await waiters.until(() => false, 1_000, [])).toBe(false)
  expect(await waiters.until(() => 0, 1_000, [])).toBe(0)
})

test('the time runs out', async () => {
  const { waiters, probe } = setUp()
  const answer = waiters.until(probe, 1_000, [])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await answer).toBeUndefined()
})

test.each([0, 1])('an abort ends the wait, of whichever signal', async (which) => {
  const { waiters, probe } = setUp()
  const controllers = [new AbortController(), new AbortController()]
  const answer = waiters.until(
    probe,
    1_000,
    controllers.map(({ signal }) => signal),
  )
  controllers[which]?.abort()
  expect(await answer).toBeUndefined()
  expect(controllers.map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([0, 0])
})

test('an aborted waiter does not wait', async () => {
  const { waiters, probe } = setUp()
  expect(
    await waiters.until(probe, 1_000, [new AbortController().signal, AbortSignal.abort()]),
  ).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})

test('a change of one customer wakes the waiters for it and for all customers; a change of all wakes all', async () => {
  const waiters = createWaiters()
  const looked: string[] = []
  const wait = (name: string, customer?: string) =>
    void waiters.until(
      () => {
        looked.push(name)
        return undefined
      },
      1_000,
      [],
      customer,
    )
  wait('anyone')
  wait('ana', 'a')
  wait('ana again', 'a')
  wait('eva', 'e')
  looked.length = 0
  waiters.wakeFor(['a', 'z'])
  expect(looked.splice(0)).toEqual(['anyone', 'ana', 'ana again'])
  waiters.wakeFor([])
  expect(looked.splice(0)).toEqual(['anyone'])
  waiters.wake()
  expect(looked).toEqual(['anyone', 'ana', 'ana again', 'eva'])
})

describe('no listener is left', () => {
  test.each([
    ['an answer', ({ becomes }: ReturnType<typeof setUp>) => becomes('now')],
    ['the time', () => vi.advanceTimersByTime(1_000)],
    ['an abort', (_: unknown, aborting: AbortController) => aborting.abort()],
  ])('after %s', async (_, end) => {
    const set = setUp()
    const aborting = new AbortController()
    const answers = Array.from({ length: 100 }, (_unused, i) =>
      set.waiters.until(set.probe, 1_000, [aborting.signal], i % 2 === 0 ? undefined : `customer ${i % 10}`),
    )
    expect(getEventListeners(aborting.signal, 'abort')).toHaveLength(100)
    end(set, aborting)
    await Promise.all(answers)
    const probes = set.probes()
    set.becomes('later')
    expect(set.probes()).toBe(probes)
    expect(vi.getTimerCount()).toBe(0)
    if (!aborting.signal.aborted) expect(getEventListeners(aborting.signal, 'abort')).toEqual([])
  })
})
