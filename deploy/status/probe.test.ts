import { serve } from 'bun'
import { expect, onTestFinished, test } from 'vitest'
import { probe } from './probe.ts'

const service = (port: number) => ({
  name: 'processor-1',
  role: 'processor' as const,
  port,
  logFile: '/var/log/processor-1.log',
  pid: process.pid,
  startedAt: Date.now(),
  restarts: 0,
})

function answering(checks: object[], metrics: () => Response, status = 200): number {
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    routes: { '/health/ready': () => Response.json({ checks }, { status }), '/metrics': metrics },
  })
  onTestFinished(() => server.stop(true))
  return server.port ?? 0
}

const metricsOf =
  (...lags: number[]) =>
  () =>
    new Response(lags.map((lag, i) => `checkout_consumer_lag_records{partition="${i}"} ${lag}\n`).join(''))

test('the lag is of all partitions of a process', async () => {
  const port = answering([{ name: 'results', status: 'pass' }], metricsOf(3, 0, 1_000))
  expect(await probe(service(port), 1, {})).toMatchObject({ health: 'ready', lag: 1_003, remarks: [] })
})

test('the health that a process reports is shown', async () => {
  const detail = 'the read model is 12,000 records behind'
  const failing = answering([{ name: 'results', status: 'fail', detail }], metricsOf(), 503)
  expect(await probe(service(failing), 1, {})).toMatchObject({ health: 'not ready', remarks: [detail] })
  const warning = answering([{ name: 'topics', status: 'warn', detail }], metricsOf(0))
  expect(await probe(service(warning), 1, {})).toMatchObject({ health: 'warning', remarks: [detail] })
})

test.each([
  [401, 'key required'],
  [403, 'scope missing'],
])('with a %i the lag is shown as "%s"', async (status, lag) => {
  const port = answering([], () => new Response('', { status }))
  expect(await probe(service(port), 1, {})).toMatchObject({ health: 'ready', lag })
})

test('one of several on a port that does not answer is not named by chance', async () => {
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('not JSON') })
  onTestFinished(() => server.stop(true))
  const { health, remarks } = await probe(service(server.port ?? 0), 2, {})
  expect(health).toBe('no response')
  expect(remarks.join()).toMatch(/^it, or another process on port \d+, does not respond/)
})

test('a process that is not there has exited', async () => {
  const { pid: _, ...gone } = service(1)
  expect(await probe(gone, 1, {})).toMatchObject({ health: 'exited', pid: undefined })
})
