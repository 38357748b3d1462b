import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

test('without flags everything is measured', () => {
  expect(readOptions([])).toMatchObject({ only: undefined, rounds: 5, seconds: 8, records: 1_000_000 })
})

test.each([
  [['--only', 'drain,fast'], /there is no comparison fast/],
  [['--rounds', '0'], /--rounds must be a whole number/],
  [['--records', '1e3.5'], /--records must be a whole number/],
  [['--fast'], /--fast/],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})
