import { expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { ProblemError } from '../backbone/problem.ts'
import { boughtQuickly, didNotBuy } from '../test/sample-checkouts.ts'
import { startApp } from './testing/app.ts'

/** Metrics that are not 0. */
async function metricsOf({ app }: Pick<ReturnType<typeof startApp>, 'app'>, name: string) {
  const response = await app.request('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const lines = (await response.text()).split('\n')
  return lines.filter((line) => line.startsWith(name) && !line.endsWith(' 0'))
}

test('stored checkouts are counted by lane and corrections by field and rule; replayed answers are not counted', async () => {
  const gateway = startApp()
  const corrected = JSON.stringify({ ...boughtQuickly, nombre: ' Scarlett ', edad: '44' })
  for (const body of [corrected, corrected, JSON.stringify(didNotBuy)]) await gateway.post(body)
  expect(await metricsOf(gateway, 'checkout_stored_total')).toEqual([
    'checkout_stored_total{lane="purchase"} 1',
    'checkout_stored_total{lane="browse"} 1',
  ])
  expect(await metricsOf(gateway, 'checkout_corrections_total')).toEqual([
    'checkout_corrections_total{field="/nombre",rule="trimmed"} 1',
    'checkout_corrections_total{field="/edad",rule="text to number"} 1',
  ])
})

test('corrections of the stages of a path are counted as those of one field', async () => {
  const gateway = startApp()
  const recorrido = [
    { etapa: ' carro ', segundos: 600 },
    { etapa: ' pago ', segundos: '468' },
  ]
  await gateway.post(JSON.stringify({ ...boughtQuickly, recorrido }))
  expect(await metricsOf(gateway, 'checkout_corrections_total')).toEqual([
    'checkout_corrections_total{field="/recorrido/*/etapa",rule="trimmed"} 2',
    'checkout_corrections_total{field="/recorrido/*/segundos",rule="text to number"} 1',
  ])
})

test('a failed write is not counted', async () => {
  const gateway = startApp()
  gateway.publish.mockRejectedValueOnce(new ProblemError('kafka-unavailable'))
  await gateway.post(JSON.stringify({ ...boughtQuickly, edad: '44' }))
  expect(await metricsOf(gateway, 'checkout_stored_total')).toEqual([])
  expect(await metricsOf(gateway, 'checkout_corrections_total')).toEqual([])
})

test('requests are counted by route, never by client input', async () => {
  const gateway = startApp()
  gateway.results.mockImplementation(async () => new Response('{}'))
  const { app } = gateway
  await gateway.post(JSON.stringify(boughtQuickly))
  await gateway.post('{')
  await app.request('/checkout/batch', { method: 'POST', headers: { 'content-type': 'text/csv' } })
  await app.request(`/checkout/${'f'.repeat(32)}`)
  await app.request('/notifications?customer=062292fd7b7e3e688f29418e')
  await app.request('/scarlett')
  expect(await metricsOf(gateway, 'http_request_duration_seconds_count')).toEqual([
    'http_request_duration_seconds_count{method="POST",route="/checkout",status="202"} 1',
    'http_request_duration_seconds_count{method="POST",route="/checkout",status="400"} 1',
    'http_request_duration_seconds_count{method="POST",route="/checkout/batch",status="415"} 1',
    'http_request_duration_seconds_count{method="GET",route="/checkout/:eventId",status="200"} 1',
    'http_request_duration_seconds_count{method="GET",route="/notifications",status="200"} 1',
    'http_request_duration_seconds_count{method="GET",route="/*",status="404"} 1',
  ])
})

test('the load of a gateway can be read during the load', async () => {
  const gateway = startApp()
  const leave = gateway.admission.enter('purchase')
  expect(await metricsOf(gateway, 'checkout_requests_in_flight ')).toEqual(['checkout_requests_in_flight 1'])
  leave()
  expect(await metricsOf(gateway, 'checkout_requests_in_flight ')).toEqual([])
})

test('with keys, reading metrics requires the scope operate', async () => {
  const keys = createTestKeys()
  const operator = keys.mint('web', ['operate'])
  const reader = keys.mint('web', ['read', 'write', 'personal'])
  const { app } = startApp({ access: keys.open().access })
  const status = async (headers: Record<string, string>) =>
    (await app.request('/metrics', { headers })).status
  expect(await status({})).toBe(401)
  expect(await status(reader.headers)).toBe(403)
  expect(await status(operator.headers)).toBe(200)
})
