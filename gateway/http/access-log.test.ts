import { Writable } from 'node:stream'
import pino from 'pino'
import { expect, test } from 'vitest'
import { startApp } from '../testing/app.ts'

function logAt(level: string) {
  const lines: unknown[] = []
  const stream = new Writable({
    write(line, _, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  return { lines, log: pino({ level }, stream) }
}

test('each answer is a line at debug, without the query', async () => {
  const { lines, log } = logAt('debug')
  await startApp({ log }).app.request('/notifications?customer=062292fd7b7e3e688f29418e')
  expect(lines).toEqual([
    expect.objectContaining({ method: 'GET', path: '/notifications', status: 503, msg: 'answered' }),
  ])
  expect(JSON.stringify(lines)).not.toContain('062292fd7b7e3e688f29418e')
})

test('no lines at info', async () => {
  const { lines, log } = logAt('info')
  await startApp({ log }).app.request('/health/live')
  expect(lines).toEqual([])
})
