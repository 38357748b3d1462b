import { expect, test } from 'vitest'
import { startApp } from './testing/app.ts'
import { collectLog } from './testing/log-lines.ts'

test('each answer is a line at debug, without the query', async () => {
  const { lines, log } = collectLog('debug')
  const headers = { 'x-request-id': 'request-1' }
  await startApp({ log }).app.request('/notifications?customer=062292fd7b7e3e688f29418e', { headers })
  expect(lines).toEqual([
    expect.objectContaining({
      requestId: 'request-1',
      method: 'GET',
      path: '/notifications',
      status: 503,
      msg: 'answered',
    }),
  ])
  expect(JSON.stringify(lines)).not.toContain('062292fd7b7e3e688f29418e')
})

test('a request with another host name is logged too', async () => {
  const { lines, log } = collectLog('debug')
  await startApp({ log }).app.request('/metrics', { headers: { host: 'evil.example', 'x-request-id': 'a' } })
  expect(lines).toEqual([expect.objectContaining({ requestId: 'a', path: '/metrics', status: 403 })])
})

test('no lines at info', async () => {
  const { lines, log } = collectLog('info')
  await startApp({ log }).app.request('/health/live')
  expect(lines).toEqual([])
})
