import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { watchOverwork } from './event-loop-overload.ts'

const TURNS = 20

/** Keeps this thread from its event loop most of the time. */
async function keepBusy(watched: () => boolean, oneTurn: () => void): Promise<boolean[]> {
  const seen: boolean[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    oneTurn()
    // Long enough for the timer that looks at it.
    await sleep(15)
    seen.push(watched())
  }
  return seen
}

function work(milliseconds: number) {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

/** Stops this thread, as a scheduler does that has others to run. */
const pause = (milliseconds: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

// Other tests work in other threads of this process, and other processes on the same cores.
const allIsItsOwn = () => performance.now()
const noneIsItsOwn = () => 0

test('a process whose work keeps its event loop is overworked, and no longer when that is done', async () => {
  const isOverworked = watchOverwork(allIsItsOwn)
  const seen = await keepBusy(isOverworked, () => work(80))
  expect(seen.at(-1)).toBe(true)
  await vi.waitFor(() => expect(isOverworked()).toBe(false), 10_000)
})

test('a short burst is none', async () => {
  const isOverworked = watchOverwork(allIsItsOwn)
  await vi.waitFor(async () => {
    await sleep(500)
    work(40)
    await sleep(15)
    expect(isOverworked()).toBe(false)
  }, 10_000)
})

test('a process that waits for a core is not overworked', async () => {
  const seen = await keepBusy(watchOverwork(noneIsItsOwn), () => pause(80))
  expect(seen).not.toContain(true)
})
