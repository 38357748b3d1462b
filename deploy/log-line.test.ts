import { expect, test } from 'vitest'
import { noteworthy, saysListening } from './log-line.ts'

test.each([
  ['{"level":30,"msg":"all is well"}', undefined],
  ['{"level":40,"msg":"slow"}', 'slow'],
  ['{"level":50,"msg":"publish failed","err":{"message":"no leader"}}', 'publish failed: no leader'],
  [
    '{"level":40,"msg":"claim failed","error":"KafkaJSError: no leader"}',
    'claim failed: KafkaJSError: no leader',
  ],
  ['{"level":50,"err":{"message":"no leader"}}', 'no leader'],
  ['error: cannot find module', 'error: cannot find module'],
  ['42', '42'],
  ['   ', undefined],
])('of %s the terminal shows %s', (line, shown) => {
  expect(noteworthy(line)).toBe(shown)
})

test('recognises the line of a process that listens', () => {
  expect(saysListening('{"level":30,"port":8080,"msg":"listening"}')).toBe(true)
  expect(saysListening('listening')).toBe(false)
})
