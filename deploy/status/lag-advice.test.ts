import { expect, test } from 'vitest'
import { lagAdvice } from './lag-advice.ts'

test('says which key the lag needs, and what is wrong with the one that was given', () => {
  const needsKey = [{ lag: undefined }, { lag: 'needs a key' as const }]
  expect(lagAdvice(needsKey, undefined)).toBe(
    'lag is shown to an API key with the scope operate: --key-file FILE',
  )
  expect(lagAdvice(needsKey, 'key')).toBe('the key in key is unknown or has ended: lag is not shown to it')
  expect(lagAdvice([{ lag: 'needs another scope' }], 'key')).toBe(
    'the key in key lacks the scope operate: lag is shown only with it',
  )
  expect(lagAdvice([{ lag: 5 }, { lag: undefined }], 'key')).toBeUndefined()
})
