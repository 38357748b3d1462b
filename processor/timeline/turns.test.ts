import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const hasBegun = async ({ begins }: { begins: Promise<unknown> }) =>
  Promise.race([begins.then(() => true), new Promise((resolve) => setTimeout(resolve, 5, false))])

test('one at a time, in the order of arrival', async () => {
  const take = createTurns(20)
  const [first, second, third] = [take(), take(), take()]
  expect(await hasBegun(first)).toBe(true)
  expect(await hasBegun(second)).toBe(false)
  first.end()
  expect(await hasBegun(second)).toBe(true)
  expect(await hasBegun(third)).toBe(false)
  second.end()
  expect(await hasBegun(third)).toBe(true)
})

test('one that gives its place up lets nobody begin early', async () => {
  const take = createTurns(20)
  const [first, second, third] = [take(), take(), take()]
  second.end()
  expect(await hasBegun(third)).toBe(false)
  first.end()
  expect(await hasBegun(third)).toBe(true)
})

test('20 wait, the next one is rejected, and there is room again afterwards', () => {
  const take = createTurns(20)
  const turns = Array.from({ length: 21 }, take)
  expect(take).toThrow(expect.objectContaining({ code: 'results-unavailable' }))
  turns[5]?.end()
  expect(take).not.toThrow()
  expect(take).toThrow(expect.objectContaining({ code: 'results-unavailable' }))
})
