import { expect, test, vi } from 'vitest'
import { lintMetrics } from './lint-metrics.ts'
import { useSystem } from './use-system.ts'

const system = useSystem({ processors: 1, gateways: 1 })

async function metricsOf(role: 'gateways' | 'processors'): Promise<string> {
  return (await fetch(`${system()[role][0]?.url}/metrics`)).text()
}

test('/metrics passes promtool', async () => {
  expect(lintMetrics(await metricsOf('gateways'))).toEqual([])
  expect(lintMetrics(await metricsOf('processors'))).toEqual([])
})

test('counters exist at 0 from the start', async () => {
  const posted = 'http_request_duration_seconds_count{method="POST",route="/checkout"'
  expect((await metricsOf('gateways')).split('\n')).toEqual(
    expect.arrayContaining([
      'checkout_stored_total{lane="purchase"} 0',
      'checkout_stored_total{lane="browse"} 0',
      'checkout_corrections_total{field="/nombre",rule="trimmed"} 0',
      'checkout_corrections_total{field="/ubicacion/pais",rule="trimmed"} 0',
      'checkout_corrections_total{field="/recorrido/*/error",rule="number to text"} 0',
      `${posted},status="202"} 0`,
      `${posted},status="503"} 0`,
      'checkout_topic_mismatch 0',
    ]),
  )
  expect((await metricsOf('processors')).split('\n')).toEqual(
    expect.arrayContaining([
      ...['none', 'quick', 'slow', 'unverified', 'invalid'].map(
        (kind) => `checkout_outcomes_total{kind="${kind}"} 0`,
      ),
      'checkout_repetitions_total 0',
      'checkout_streams_open 0',
      'http_request_duration_seconds_count{method="GET",route="/notifications",status="503"} 0',
      'checkout_topic_mismatch 0',
    ]),
  )
})

test('the first dead letter is a rise from 0 to 1', async () => {
  await system().produce(async (producer) => {
    await producer.send({ topic: system().topics.data, messages: [{ value: 'no JSON' }] })
  })
  await vi.waitFor(
    async () =>
      expect(await metricsOf('processors')).toContain('checkout_outcomes_total{kind="invalid"} 1\n'),
    { timeout: 20_000, interval: 200 },
  )
})
