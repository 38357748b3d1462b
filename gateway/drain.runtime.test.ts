import { afterAll, describe, expect, inject, test, vi } from 'vitest'
import { checkoutOf } from '../test/checkouts.ts'
import { openConnection } from '../test/raw-connection.ts'
import { readTopic } from '../test/read-topic.ts'
import { createGateways, type Runtime } from '../test/run-gateway.ts'
import type { Accepted } from './checkout/accept-checkout.ts'
import { startProcessor, type TestProcessor } from './testing/processor.ts'

const CLIENTS = 20
const DRAIN_LIMIT_MS = 15_000
// The maximum wait of backbone/http/serve.ts.
const PATIENCE_MS = 10_000
const runtimes: Runtime[] = ['bun', 'deno', 'node']

function checkoutRequest(number: number): string {
  const body = JSON.stringify(checkoutOf('quick', number))
  const length = Buffer.byteLength(body)
  return `POST /checkout HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`
}

describe.concurrent.each(runtimes)('a drain on %s', (runtime) => {
  const gateways = createGateways(inject('kafkaBrokers'))
  const processors: TestProcessor[] = []
  afterAll(async () => {
    await gateways.stop()
    await Promise.all(processors.map(({ stop }) => stop()))
  })

  test('answers every request on kept connections, and stores what it accepts', async () => {
    const gateway = await gateways.start({}, runtime)
    await gateway.ready()
    const accepted: string[] = []

    async function client(): Promise<string> {
      const connection = await openConnection(gateway.port)
      for (let number = 0; ; number++) {
        const { status, headers, body } = await connection.ask(checkoutRequest(number))
        if (status !== 202) return `it was answered ${status}: ${body}`
        accepted.push((JSON.parse(body) as Accepted).eventId)
        if (headers.get('connection') === 'close') return 'it was told to close'
      }
    }
    const ends = Array.from({ length: CLIENTS }, () => client().catch(String))
    await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(200), { timeout: 30_000 })
    const signalled = performance.now()
    gateway.child.kill('SIGTERM')
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['it was told to close']))
    expect(await gateway.exited).toBe(0)
    expect(performance.now() - signalled).toBeLessThan(DRAIN_LIMIT_MS)
    const stored = (await readTopic(inject('kafkaBrokers'), gateways.topic)).map(({ headers }) => headers)
    expect(stored).toHaveLength(accepted.length)
    expect(accepted.filter((id) => !stored.some((headers) => headers.includes(id)))).toEqual([])
  }, 90_000)

  test('reports not ready, ends streams, and is not delayed by idle clients', async () => {
    const processor = await startProcessor((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    })
    processors.push(processor)
    const gateway = await gateways.start({ PROCESSOR_URLS: processor.url }, runtime)
    await gateway.ready()
    const idle = await openConnection(gateway.port)
    const stream = await fetch(`${gateway.url}/notifications/stream`)

    const signalled = performance.now()
    gateway.child.kill('SIGTERM')
    const unready = await vi.waitFor(async () => {
      const response = await fetch(`${gateway.url}/health/ready`)
      expect(response.status).toBe(503)
      return response
    })
    expect(await unready.json()).toMatchObject({ type: 'urn:problem-type:checkout:not-ready' })
    expect(await stream.text()).toBe('data: 1\n\n')
    expect(await gateway.exited).toBe(0)
    expect(performance.now() - signalled).toBeLessThan(PATIENCE_MS)
    idle.close()
  }, 60_000)
})
