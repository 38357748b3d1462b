import { expect, test } from 'vitest'
import { readyMessage } from './ready-message.ts'

const linesWithKey = (asksForKey: boolean) =>
  readyMessage(8080, '127.0.0.1:9092', '.data', asksForKey)
    .split('\n')
    .filter((line) => line.includes('-H "Authorization: Bearer $KEY"'))

test('every shown command has a key if one is required, and none otherwise', () => {
  expect(linesWithKey(true)).toHaveLength(3)
  expect(linesWithKey(false)).toEqual([])
})
