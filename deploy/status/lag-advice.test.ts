import { expect, test } from 'vitest'
import { lagAdvice } from './lag-advice.ts'

test('names the scope that lag requires, and the problem of the given key', () => {
  const needsKey = [{ lag: undefined }, { lag: 'key required' as const }]
  expect(lagAdvice(needsKey, undefined)).toBe(
    'lag requires an API key with the scope operate: --key-file FILE',
  )
  expect(lagAdvice(needsKey, 'key')).toBe('the key in key is unknown or has expired: lag is not shown')
  expect(lagAdvice([{ lag: 'scope missing' }], 'key')).toBe(
    'the key in key lacks the scope operate: lag requires it',
  )
  expect(lagAdvice([{ lag: 5 }, { lag: undefined }], 'key')).toBeUndefined()
})
