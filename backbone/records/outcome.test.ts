import { expect, test } from 'vitest'
import { kindOfNumber, kindRules, outcomeKinds } from './outcome.ts'

test('each kind has a number of its own, which the read model can filter by', () => {
  const numbers = Object.values(kindRules).map(({ number }) => number)
  expect(numbers.map(kindOfNumber)).toEqual(outcomeKinds)
  for (const number of numbers) expect(number >= 0 && number <= 30, String(number)).toBe(true)
})

test('a number that no kind has is an error', () => {
  expect(() => kindOfNumber(30)).toThrow('no kind of outcome has the number 30')
})
