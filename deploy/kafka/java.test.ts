import { expect, test } from 'vitest'
import { majorVersion } from './java.ts'

test.each([
  ['17.0.15', 17],
  ['21', 21],
  ['26-ea', 26],
  ['1.8.0_392', 8],
])('%s is Java %i', (version, major) => {
  expect(majorVersion(version)).toBe(major)
})
