import { expect, test } from 'vitest'
import { readyMessage } from './ready-message.ts'

const message = (asksForKey: boolean, demo = true) =>
  readyMessage({ port: 8080, data: '.data', demo }, '127.0.0.1:9092', asksForKey)
const linesWithKey = (asksForKey: boolean) =>
  message(asksForKey)
    .split('\n')
    .filter((line) => line.includes('-H "Authorization: Bearer $KEY"'))

test('every shown command has a key if one is required, and none otherwise', () => {
  expect(linesWithKey(true)).toHaveLength(3)
  expect(linesWithKey(false)).toEqual([])
})

test('the pages come before the commands', () => {
  expect(message(false).split('\n').slice(0, 5)).toEqual([
    'ready http://127.0.0.1:8080',
    '',
    'Operations page http://127.0.0.1:8080/',
    'Demonstration shop http://127.0.0.1:8080/demo',
    '',
  ])
})

test('the pages name the scopes that are needed to log in', () => {
  expect(message(true)).toContain('8080/ (log in with a key that has the scope operate)\n')
  expect(message(true)).toContain('8080/demo (log in with a key that has the scopes write and read)\n')
})

test('the shop is not named where it is not served', () => {
  expect(message(false, false)).not.toContain('/demo')
})
