import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { watchEventLoopOverload } from './event-loop-overload.ts'

const TURNS = 20

/** Blocks the event loop of this thread most of the time. */
async function keepBusy(watched: () => boolean, oneTurn: () => void): Promise<boolean[]> {
  const seen: boolean[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    oneTurn()
    // Long enough for the timer that measures it.
    await sleep(15)
    seen.push(watched())
  }
  return seen
}

function work(milliseconds: number) {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

/** Stops this thread, like a scheduler that runs other threads. */
const pause = (milliseconds: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

// Other tests run in other threads of this process, and other processes on the same cores.
const allIsItsOwn = () => performance.now()
const noneIsItsOwn = () => 0

test('a process that blocks its event loop is overloaded, until it stops', async () => {
  const isOverloaded = watchEventLoopOverload(allIsItsOwn)
  const seen = await keepBusy(isOverloaded, () => work(80))
  expect(seen.at(-1)).toBe(true)
  await vi.waitFor(() => expect(isOverloaded()).toBe(false), 10_000)
})

test('a short burst is not an overload', async () => {
  const isOverloaded = watchEventLoopOverload(allIsItsOwn)
  await vi.waitFor(async () => {
    await sleep(500)
    work(40)
    await sleep(15)
    expect(isOverloaded()).toBe(false)
  }, 10_000)
})

test('a process that waits for a core is not overloaded', async () => {
  const seen = await keepBusy(watchEventLoopOverload(noneIsItsOwn), () => pause(80))
  expect(seen).not.toContain(true)
})
