import { expect, test } from 'vitest'
import { limitLines } from './limit-lines.ts'

test('passes on twenty lines in ten seconds and reports once that there are more', () => {
  const passed: string[] = []
  let now = 0
  const limited = limitLines(
    (line) => passed.push(line),
    'more',
    () => now,
  )
  for (let i = 0; i < 30; i++) limited(`${i}`)
  expect(passed).toHaveLength(21)
  expect(passed.slice(-2)).toEqual(['19', 'more'])

  now = 10_000
  limited('later')
  expect(passed.at(-1)).toBe('later')
})
