import { afterAll, expect, inject, test, vi } from 'vitest'
import { checkoutOf } from './checkouts.ts'
import { openConnection } from './raw-connection.ts'
import { createGateways } from './run-gateway.ts'

const gateways = createGateways(inject('kafkaBrokers'))
afterAll(() => gateways.stop())

test('one id names a request in the answers and logs of the gateway and the processor', async () => {
  const debug = { LOG_LEVEL: 'debug' }
  const processor = await gateways.start(debug, 'bun', 'processor')
  await processor.ready()
  const gateway = await gateways.start({ ...debug, PROCESSOR_URLS: processor.url })
  await gateway.ready()

  const headers = { 'x-request-id': 'order-1001', prefer: 'wait=20' }
  const response = await gateway.post(checkoutOf('quick', 1), headers)
  expect([response.status, response.headers.get('x-request-id')]).toEqual([200, 'order-1001'])
  const { eventId } = (await response.json()) as { eventId: string }

  const linesAbout = (log: string[]) =>
    log.filter((line) => line.includes('order-1001')).map((line) => JSON.parse(line) as object)
  const answered = { requestId: 'order-1001', status: 200, msg: 'answered' }
  await vi.waitFor(() => {
    expect(linesAbout(gateway.log)).toEqual([expect.objectContaining({ ...answered, path: '/checkout' })])
    expect(linesAbout(processor.log)).toEqual([
      expect.objectContaining({ ...answered, path: `/checkout/${eventId}` }),
    ])
  })

  // A request to the processor itself.
  const raw = await openConnection(processor.port)
  const get = (host: string) =>
    raw.ask(`GET /checkout/${eventId} HTTP/1.1\r\nHost: ${host}\r\nX-Request-Id: r-2\r\n\r\n`)
  const [own, foreign] = [await get(`localhost:${processor.port}`), await get('evil.example')]
  raw.close()
  expect([own.status, own.headers.get('x-request-id')]).toEqual([200, 'r-2'])
  expect([foreign.status, foreign.headers.get('x-request-id'), foreign.body]).toEqual([
    403,
    'r-2',
    '{"type":"urn:problem-type:checkout:forbidden","title":"Forbidden","status":403,"detail":"The host name evil.example is not in ALLOWED_HOSTS"}',
  ])
})
