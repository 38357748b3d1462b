import { expect, test } from 'vitest'
import { personalLines } from './personal-data.ts'
import { boughtQuickly } from './sample-checkouts.ts'

test.each([
  ['an address', `to ${boughtQuickly.email}`],
  ['a checkout', JSON.stringify({ msg: 'refused', ...boughtQuickly, email: '' })],
  ['a checkout within a text', JSON.stringify({ msg: JSON.stringify({ telefono: boughtQuickly.telefono }) })],
  ['a message', 'Estimad@ Scarlett'],
])('%s is found', (_, line) => {
  expect(personalLines(`{"msg":"listening"}\n${line}\n`)).toEqual([line.slice(0, 200)])
})

test('output of the processes is not', () => {
  const log = [
    '{"level":"info","time":"2026-11-29T08:16:05.123Z","name":"gateway-1","host":"127.0.0.1","port":8080,"msg":"listening"}',
    '    at dispatch (/srv/node_modules/@hono/node-server/dist/index.mjs:24:13)',
    '{"level":"warn","time":"2026-11-29T08:16:05.123Z","partition":3,"error":"KafkaJSProtocolError: This server does not host this topic-partition"}',
  ].join('\n')
  expect(personalLines(log)).toEqual([])
})
