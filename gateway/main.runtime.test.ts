import { randomBytes } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { freePorts } from '../deploy/ports.ts'
import { checkoutOf } from '../test/checkouts.ts'
import { lintMetrics } from '../test/lint-metrics.ts'
import { otherLines } from '../test/log-lines.ts'
import { startReceiver } from '../test/otlp-receiver.ts'
import { openConnection, type RawAnswer } from '../test/raw-connection.ts'
import { createGateways, type RunningGateway, type Runtime } from '../test/run-gateway.ts'
import type { Accepted } from './checkout/accept-checkout.ts'
import { rejectsForeignRequests } from './testing/foreign-requests.ts'
import { takesGzip } from './testing/gzip.ts'
import { startProcessor, type TestProcessor } from './testing/processor.ts'
import { identifiesRequests } from './testing/request-ids.ts'
import { refusesAmbiguousRequests } from './testing/smuggling.ts'

const MAX_BODY_BYTES = 1_000
const runtimes: Runtime[] = ['bun', 'deno', 'node']

const problemOf = ({ status, headers, body }: RawAnswer) => {
  expect(headers.get('content-type')).toBe('application/problem+json')
  const { type } = JSON.parse(body) as { type: string }
  return `${status} ${type.replace('urn:problem-type:checkout:', '')}`
}
const padded = (bytes: number) => {
  const json = JSON.stringify(checkoutOf('quick', 1))
  return json + ' '.repeat(bytes - Buffer.byteLength(json))
}

/** One test after the other: the last one stops the gateway. */
function testGateway(runtime: Runtime): void {
  const gateways = createGateways(inject('kafkaBrokers'))
  const streamClosed = vi.fn()
  let cutExport: () => void
  let metricsPort: number | undefined
  let processor: TestProcessor
  let gateway: RunningGateway
  let collector: Awaited<ReturnType<typeof startReceiver>>

  beforeAll(async () => {
    collector = await startReceiver()
    processor = await startProcessor((request, response) => {
      if (request.url?.startsWith('/checkout/')) {
        response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{}')
      } else if (request.url === '/notifications/stream') {
        response.on('close', streamClosed)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        if (request.method === 'HEAD') response.end()
        else response.write(`id: ${String(request.headers['last-event-id'])}\n\n`)
      } else if (request.url === '/notifications/export') {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' })
        response.write('{"eventId":"a"}\n')
        cutExport = () => response.destroy()
      } else {
        const body = `{"asked":"${request.url}"}`
        const headers = { 'content-type': 'application/json', 'content-length': body.length }
        response.writeHead(200, headers).end(body)
      }
    })
    ;[metricsPort] = await freePorts(1)
    const settings = {
      METRICS_PORT: String(metricsPort),
      PROCESSOR_URLS: processor.url,
      MAX_BODY_BYTES: String(MAX_BODY_BYTES),
      BODY_TIMEOUT_MS: '1000',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    }
    gateway = await gateways.start(settings, runtime)
    await gateway.ready()
  })
  afterAll(async () => {
    await gateways.stop()
    await processor.stop()
    await collector.stop()
  })

  async function send(head: string, ...body: (string | Uint8Array)[]): Promise<RawAnswer> {
    const connection = await openConnection(gateway.port)
    try {
      return await connection.ask(`${head}\r\nHost: localhost\r\n`, ...body)
    } finally {
      connection.close()
    }
  }
  const post = (body: string | Uint8Array, headers = 'Content-Type: application/json\r\n') =>
    send('POST /checkout HTTP/1.1', `${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, body)

  test('its figures are published', async () => {
    const admin = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const records = async () => (await admin.fetchTopicOffsets(gateways.topics.FIGURES_TOPIC))[0]?.high
    await vi.waitFor(async () => expect(Number(await records())).toBeGreaterThan(2), { timeout: 10_000 })
    await admin.disconnect()
  })

  test('its metrics are on a port of its own, too', async () => {
    const startOf = async (url: string) =>
      /^process_start_time_seconds \d+$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[0]
    const start = await startOf(gateway.url)
    expect(start).toBeDefined()
    expect(await startOf(`http://127.0.0.1:${metricsPort}`)).toBe(start)
  })

  test('a checkout is stored, and its retry has the same answer', async () => {
    const json = JSON.stringify(checkoutOf('quick', 1))
    const [first, again] = [await post(json), await post(json)]
    expect([first.status, first.headers.get('content-type')]).toEqual([202, 'application/json'])
    const { eventId, offset, partition } = JSON.parse(first.body) as Accepted
    expect(first.body).toBe(
      `{"eventId":"${eventId}","status":"accepted","partition":${partition},"offset":${offset},"lane":"purchase"}`,
    )
    expect(first.headers.get('location')).toBe(`/checkout/${eventId}`)
    expect(first.headers.has('idempotent-replayed')).toBe(false)
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([
      202,
      first.body,
      'true',
    ])
    const known = await send(`GET /checkout/${eventId} HTTP/1.1`, '\r\n')
    expect([known.status, known.body]).toEqual([200, '{"status":"accepted"}'])
  })

  refusesAmbiguousRequests(() => gateway.port)
  rejectsForeignRequests(() => gateway.port)

  test('a batch is answered record by record', async () => {
    const lines = `${JSON.stringify(checkoutOf('quick', 1))}\n{\n${JSON.stringify(checkoutOf('none', 2))}\n`
    const head = `Content-Type: application/x-ndjson\r\nContent-Length: ${Buffer.byteLength(lines)}\r\n\r\n`
    const answer = await send('POST /checkout/batch HTTP/1.1', head, lines)
    const { results } = JSON.parse(answer.body) as { results: { status: number }[] }
    expect([answer.status, ...results.map(({ status }) => status)]).toEqual([207, 202, 400, 202])
  })

  takesGzip(() => gateway, MAX_BODY_BYTES)

  test('a body has a maximum size, with or without Content-Length', async () => {
    const chunked = (body: string) =>
      send(
        'POST /checkout HTTP/1.1',
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
        `${Buffer.byteLength(body).toString(16)}\r\n`,
        `${body}\r\n0\r\n\r\n`,
      )
    expect((await post(padded(MAX_BODY_BYTES))).status).toBe(202)
    expect((await chunked(padded(MAX_BODY_BYTES))).status).toBe(202)
    expect(problemOf(await post(padded(MAX_BODY_BYTES + 1)))).toBe('413 body-too-large')
    expect(problemOf(await chunked(padded(MAX_BODY_BYTES + 1)))).toBe('413 body-too-large')
    const announced = 'Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n'
    expect(problemOf(await send('POST /checkout HTTP/1.1', announced))).toBe('413 body-too-large')
  })

  test('headers have a maximum size', async () => {
    const get = (length: number) => send('GET /health/live HTTP/1.1', `X-A: ${'a'.repeat(length)}\r\n\r\n`)
    expect((await get(15 * 1024)).status).toBe(200)
    expect((await get(17 * 1024)).status).toBe(431)
  })

  test('a stalled body is answered after the timeout, and its connection is closed', async () => {
    const connection = await openConnection(gateway.port)
    const type = 'POST /checkout HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const answer = await connection.ask(`${type}Content-Length: 100\r\n\r\n`, '{"id":')
    expect(problemOf(answer)).toBe('408 body-timeout')
    expect(answer.headers.get('connection')).toBe('close')
    // Deno keeps it open for the rest of the body.
    if (runtime === 'deno') connection.close()
    else await expect(connection.ask('')).rejects.toThrow('the connection was closed')
    const chunked = await openConnection(gateway.port)
    expect(problemOf(await chunked.ask(`${type}Transfer-Encoding: chunked\r\n\r\n`, '6\r\n{"id":\r\n'))).toBe(
      '408 body-timeout',
    )
    chunked.close()
  })

  test('every error has its problem', async () => {
    const json = JSON.stringify(checkoutOf('quick', 1))
    const type = 'Content-Type: application/json\r\n'
    const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify({}))])
    expect({
      'no type': problemOf(await post(json, '')),
      'another charset': problemOf(await post(json, 'Content-Type: application/json; charset=latin1\r\n')),
      'not UTF-8': problemOf(await post(Buffer.from(json, 'latin1'))),
      'not JSON': problemOf(await post('{')),
      'nothing at all': problemOf(await post('')),
      'a byte order mark': problemOf(await post(bom)),
      'a faulty field': problemOf(await post(JSON.stringify({ ...checkoutOf('quick', 1), edad: -1 }))),
      'an empty key': problemOf(await post(json, `${type}Idempotency-Key: \r\n`)),
      'two keys': problemOf(await post(json, `${type}Idempotency-Key: a\r\nIdempotency-Key: b\r\n`)),
      'a key that is not ASCII': problemOf(await post(json, `${type}Idempotency-Key: cl\u00e9\r\n`)),
      'a key of 256': problemOf(await post(json, `${type}Idempotency-Key: ${'k'.repeat(256)}\r\n`)),
      'no such address': problemOf(await send('GET /nothing HTTP/1.1', '\r\n')),
      'no such method': problemOf(await send('DELETE /checkout HTTP/1.1', '\r\n')),
    }).toEqual({
      'no type': '415 unsupported-media-type',
      'another charset': '415 unsupported-media-type',
      'not UTF-8': '400 malformed-json',
      'not JSON': '400 malformed-json',
      'nothing at all': '400 malformed-json',
      'a byte order mark': '422 invalid-checkout',
      'a faulty field': '422 invalid-checkout',
      'an empty key': '400 invalid-request',
      'two keys': '400 invalid-request',
      'a key that is not ASCII': '400 invalid-request',
      'a key of 256': '400 invalid-request',
      'no such address': '404 not-found',
      'no such method': '405 method-not-allowed',
    })
    expect((await post(json, `${type}Idempotency-Key: "${'k'.repeat(255)}"\r\n`)).status).toBe(202)
    const vendor = 'Content-Type: application/vnd.shop+json; charset=utf8;\r\n'
    expect((await post(json, vendor)).status).toBe(202)
  })

  test('50 at once are one record', async () => {
    const checkout = checkoutOf('slow', 1)
    const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.post(checkout)))
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1)
  })

  test('reads are forwarded, streams without delay, including their end', async () => {
    const page = await fetch(`${gateway.url}/notifications?kind=none`)
    expect(await page.json()).toEqual({ asked: '/notifications?kind=none' })
    const client = new AbortController()
    const stream = await fetch(`${gateway.url}/notifications/stream`, {
      headers: { 'last-event-id': 'c7' },
      signal: client.signal,
    })
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    const { value } = (await stream.body?.getReader().read()) ?? {}
    expect(Buffer.from(value ?? []).toString()).toBe('id: c7\n\n')
    expect(streamClosed).not.toHaveBeenCalled()
    client.abort()
    await vi.waitFor(() => expect(streamClosed).toHaveBeenCalled())
  })

  test('an export breaks off if its processor does', async () => {
    const body = (await fetch(`${gateway.url}/notifications/export`)).body?.getReader()
    expect(Buffer.from((await body?.read())?.value ?? []).toString()).toBe('{"eventId":"a"}\n')
    cutExport()
    await expect(body?.read()).rejects.toThrow()
  })

  test('the page of the API has its script', async () => {
    const script = await fetch(`${gateway.url}/docs/scalar.js`, { headers: { 'accept-encoding': 'gzip' } })
    expect([
      script.status,
      script.headers.get('content-type'),
      script.headers.get('content-encoding'),
    ]).toEqual([200, 'text/javascript; charset=utf-8', 'gzip'])
    expect((await script.text()).length).toBeGreaterThan(1_000_000)
  })

  test('the operations page has its script, which is built once', async () => {
    const load = () =>
      fetch(`${gateway.url}/console/assets/script.js`, { headers: { 'accept-encoding': 'br' } })
    const [script, ...others] = await Promise.all(Array.from({ length: 5 }, load))
    expect([
      script?.status,
      script?.headers.get('content-type'),
      script?.headers.get('content-encoding'),
    ]).toEqual([200, 'text/javascript; charset=utf-8', 'br'])
    for (const { headers } of others) expect(headers.get('etag')).toBe(script?.headers.get('etag'))
    expect(await script?.text()).toContain('document.body.dataset')
  })

  test.each([
    '/',
    '/notifications',
    '/checkout/%00',
    '/notifications?folio=1',
    '/health/live',
    '/openapi.json',
    '/docs',
    '/checkout',
    '/nothing',
  ])('HEAD %s says the length that GET has', async (path) => {
    const [head, get] = [await fetch(gateway.url + path, { method: 'HEAD' }), await fetch(gateway.url + path)]
    expect(head.status).toBe(get.status)
    const { byteLength } = await get.arrayBuffer()
    expect(byteLength).toBeGreaterThan(0)
    expect(head.headers.get('content-length')).toBe(String(byteLength))
  })

  test.each([
    ['/notifications/stream', 200],
    ['/checkout/nobody', 404],
  ])('HEAD %s has no length if the processor sent none, and ends', async (path, status) => {
    const head = await fetch(gateway.url + path, { method: 'HEAD' })
    expect([head.status, head.headers.has('content-length')]).toEqual([status, false])
    expect(await head.text()).toBe('')
  })

  test('it refuses to listen on a public address, in one line', async () => {
    const exposed = await gateways.start({ HOST: '0.0.0.0' }, runtime)
    expect(await exposed.exited).toBe(1)
    await vi.waitFor(() =>
      expect(exposed.log.map((line) => JSON.parse(line) as object)).toEqual([
        expect.objectContaining({
          level: 'fatal',
          msg: expect.stringMatching(/^HOST: 0\.0\.0\.0 is not a loopback/),
        }),
      ]),
    )
  })

  test('its metrics pass promtool’s rules', async () => {
    expect(lintMetrics(await (await fetch(`${gateway.url}/metrics`)).text())).toEqual([])
  })

  identifiesRequests(() => gateway.port)

  test('stdout and stderr hold log lines only, to the end; so the last spans are exported', async () => {
    const traceId = randomBytes(16).toString('hex')
    await gateway.post(checkoutOf('quick', 1), { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
    gateway.child.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
    expect(collector.spans.map((span) => `${span.traceId} ${span.name}`).toSorted()).toEqual([
      `${traceId} POST /checkout`,
      `${traceId} send ${gateways.topic}`,
    ])
    expect(gateway.log.length).toBeGreaterThan(1)
    expect(otherLines(gateway.log.join('\n'))).toEqual([])
  })
}

describe.concurrent.each(runtimes)('on %s', (runtime) => {
  describe.sequential('a gateway', () => testGateway(runtime))
})
