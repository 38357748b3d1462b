import { expect, test } from 'vitest'
import { lagAdvice } from './lag-advice.ts'

test('says which key the lag needs, and what is wrong with the one that was given', () => {
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
