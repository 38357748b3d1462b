import { expect, test } from 'vitest'
import { majorVersion } from './java.ts'

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_392"', 8],
  ['The operation could not be completed. Unable to locate a Java Runtime.', undefined],
])('%s is Java %s', (banner, version) => {
  expect(majorVersion(banner)).toBe(version)
})
