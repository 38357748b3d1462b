import { setImmediate as nextIteration } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createReadQueue } from './read-queue.ts'

/** A queue whose readers end when the test says so. */
function setUp() {
  const enqueue = createReadQueue(20, (reads) => `${reads} reads`)
  return function enter() {
    const ended = Promise.withResolvers<void>()
    const leaving = new AbortController()
    const read = vi.fn<() => Promise<void>>(() => ended.promise)
    const result = enqueue(leaving.signal, read)
    return {
      read,
      end: async () => {
        ended.resolve()
        await result
        await nextIteration()
      },
      giveUp: () => leaving.abort(),
    }
  }
}

test('one at a time, in the order of arrival', async () => {
  const enter = setUp()
  const [first, second, third] = [enter(), enter(), enter()]
  await nextIteration()
  expect(first.read).toHaveBeenCalled()
  expect(second.read).not.toHaveBeenCalled()
  await first.end()
  expect(second.read).toHaveBeenCalled()
  expect(third.read).not.toHaveBeenCalled()
  await second.end()
  expect(third.read).toHaveBeenCalled()
})

test('one that gives up reads at once what it can, and lets nobody begin early', async () => {
  const enter = setUp()
  const [first, second, third] = [enter(), enter(), enter()]
  second.giveUp()
  await second.end()
  expect(second.read).toHaveBeenCalled()
  expect(third.read).not.toHaveBeenCalled()
  await first.end()
  expect(third.read).toHaveBeenCalled()
})

test('20 wait, the next one is rejected, and there is room again when one gives up', async () => {
  const enter = setUp()
  const entered = Array.from({ length: 21 }, enter)
  expect(enter).toThrow(expect.objectContaining({ code: 'results-unavailable' }))
  entered[5]?.giveUp()
  await entered[5]?.end()
  expect(enter).not.toThrow()
  expect(enter).toThrow(expect.objectContaining({ code: 'results-unavailable' }))
})
