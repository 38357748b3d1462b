import { expect, test } from 'vitest'
import { serverProperties } from './server-properties.ts'

const nodes = [1, 2, 3].map((id) => ({ id, port: 9091 + id, controllerPort: 9190 + id }))
const first = { id: 1, port: 9092, controllerPort: 9191 }

test('three brokers keep everything three times and wait for two', () => {
  const lines = serverProperties(first, nodes, '/data', {}).split('\n')
  expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:9191,2@127.0.0.1:9192,3@127.0.0.1:9193')
  expect(lines).toContain('listeners=BROKER://127.0.0.1:9092,CONTROLLER://127.0.0.1:9191')
  for (const setting of ['default', 'offsets.topic', 'transaction.state.log']) {
    expect(lines).toContain(`${setting}.replication.factor=3`)
  }
  for (const topic of ['offsets.topic', 'transaction.state.log'])
    expect(lines).toContain(`${topic}.num.partitions=3`)
  expect(lines).toContain('min.insync.replicas=2')
  expect(lines).toContain('transaction.state.log.min.isr=2')
})

test('no two of them find out at the same moment that there is no controller', () => {
  const timeouts = nodes.map(
    (node) =>
      /^controller\.quorum\.fetch\.timeout\.ms=(\d+)$/m.exec(serverProperties(node, nodes, '/data', {}))?.[1],
  )
  expect(timeouts).toEqual(['1000', '1100', '1200'])
})

test('one broker waits for itself only', () => {
  const lines = serverProperties(first, [first], '/data', {}).split('\n')
  expect(lines).toContain('default.replication.factor=1')
  expect(lines).toContain('min.insync.replicas=1')
})

test('a folder is named as Java reads it, whatever letters it has', () => {
  const folder = '/home/josé/Código \\ 店/😀'
  const text = serverProperties(first, [first], folder, {})
  expect(text).toMatch(/^[\x20-\x7e\n]*$/)
  expect(text).toContain('log.dirs=/home/jos\\u00e9/C\\u00f3digo \\\\ \\u5e97/\\ud83d\\ude00\n')
})

test('what is asked for wins', () => {
  const text = serverProperties(first, [first], '/data', { 'broker.session.timeout.ms': '9000' })
  expect(text.match(/^broker\.session\.timeout\.ms=.*$/gm)).toEqual(['broker.session.timeout.ms=9000'])
})
