import { expect, test } from 'vitest'
import { kindOfNumber, kindRules, outcomeKinds } from './outcome.ts'

test('each kind has a unique number that the read model can filter by', () => {
  const numbers = Object.values(kindRules).map(({ number }) => number)
  expect(numbers.map(kindOfNumber)).toEqual(outcomeKinds)
  for (const number of numbers) expect(number >= 0 && number <= 30, String(number)).toBe(true)
})

test('an unknown number is an error', () => {
  expect(() => kindOfNumber(30)).toThrow('no kind of outcome has the number 30')
})
