import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('each turn of the event loop is one of those who wait, in the order in which they came', async () => {
  const turn = createTurns()
  const had: string[] = []
  const work = async (name: string, pieces: number) => {
    for (let i = 0; i < pieces; i++) {
      await turn()
      had.push(name)
    }
  }
  const working = Promise.all([work('a', 3), work('b', 2), work('c', 1)])
  const after: string[] = []
  for (let i = 0; i < 6; i++) {
    await setImmediate()
    after.push(had.join(''))
  }
  await working
  expect(after).toEqual(['a', 'ab', 'abc', 'abca', 'abcab', 'abcaba'])
})

test('who comes when nobody waits any more has a turn, too', async () => {
  const turn = createTurns()
  await turn()
  await setImmediate()
  await turn()
  await Promise.all([turn(), turn()])
})
