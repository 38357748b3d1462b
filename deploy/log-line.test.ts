import { expect, test } from 'vitest'
import { noteworthy, saysListening } from './log-line.ts'

test.each([
  ['{"level":"info","msg":"all is well"}', undefined],
  ['{"level":"warn","msg":"slow"}', 'warn: slow'],
  [
    '{"level":"error","msg":"publish failed","err":{"message":"no leader"}}',
    'error: publish failed: no leader',
  ],
  [
    '{"level":"warn","msg":"claim failed","error":"KafkaJSError: no leader"}',
    'warn: claim failed: KafkaJSError: no leader',
  ],
  ['{"level":"fatal","err":{"message":"no leader"}}', 'fatal: no leader'],
  ['error: cannot find module', 'error: cannot find module'],
  ['42', '42'],
  ['   ', undefined],
])('of %s the terminal shows %s', (line, shown) => {
  expect(noteworthy(line)).toBe(shown)
})

test('recognises the line of a process that listens', () => {
  expect(saysListening('{"level":"info","port":8080,"msg":"listening"}')).toBe(true)
  expect(saysListening('listening')).toBe(false)
})
