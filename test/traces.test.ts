import { randomBytes } from 'node:crypto'
import { afterAll, expect, test, vi } from 'vitest'
import { checkoutOf } from './checkouts.ts'
import { readStream } from './event-stream.ts'
import { type ReceivedSpan, startReceiver } from './otlp-receiver.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 20_000, interval: 50 }
const SECRET = 'Bearer s3cr3t-of-the-collector'
const receiver = await startReceiver()
afterAll(() => receiver.stop())
const system = useSystem({
  gateways: 1,
  processors: 2,
  settings: {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(SECRET)}`,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  },
})

const url = (path: string) => `${system().gateways[0]?.url}${path}`
const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') })

async function send(path: string, body: object, headers: Record<string, string>) {
  const response = await fetch(url(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

const spansOf = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId)

/** Waits until a trace has a span of each of these names. */
const awaitSpans = (traceId: string, names: readonly string[]) =>
  vi.waitFor(() => {
    const spans = spansOf(traceId)
    const found = new Map(spans.map((span) => [span.name, span]))
    const missing = names.filter((name) => !found.has(name))
    if (missing.length > 0) throw new Error(`no ${missing.join(', ')} among ${[...found.keys()].join(', ')}`)
    return names.map((name) => found.get(name) as ReceivedSpan)
  }, SOON)

const linksTo = (linked: Pick<ReceivedSpan, 'traceId' | 'spanId'>) => ({
  traceId: linked.traceId,
  spanId: linked.spanId,
})

test('a slow purchase has one trace, from the page to the stream', async () => {
  const { data, notifications, followUp } = system().topics
  const { traceId, spanId } = newTrace()
  const checkout = checkoutOf('slow', 1)
  let eventId: unknown
  const streamed = readStream(url('/notifications/stream?from=earliest'), undefined, ({ data: outcome }) =>
    outcome.includes(checkout.id),
  )
  const sent = await send('/checkout', checkout, {
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: 'shop=cart',
  })
  expect(sent.status).toBe(202)
  eventId = sent.answer['eventId']
  await streamed

  const [post, produced, processed, delivered] = await awaitSpans(traceId, [
    'POST /checkout',
    `send ${data}`,
    `process ${data}`,
    'deliver notification',
  ])
  expect(
    [post, produced, processed, delivered].map((span) => [span?.service, span?.kind, span?.parentSpanId]),
  ).toEqual([
    ['checkout-gateway', 2, spanId],
    ['checkout-gateway', 4, post?.spanId],
    ['checkout-processor', 5, produced?.spanId],
    ['checkout-processor', 1, processed?.spanId],
  ])
  expect(new Set(spansOf(traceId).map(({ traceState }) => traceState))).toEqual(new Set(['shop=cart']))
  expect(post?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/checkout',
    'http.response.status_code': 202,
  })
  const { partition, offset } = sent.answer
  const place = {
    'messaging.system': 'kafka',
    'messaging.destination.name': data,
    'messaging.destination.partition.id': String(partition),
  }
  expect(produced?.attributes).toMatchObject({
    ...place,
    'checkout.event_id': eventId,
    'checkout.lane': 'purchase',
  })
  expect(processed?.attributes).toMatchObject({
    ...place,
    'messaging.operation.type': 'process',
    'checkout.event_id': eventId,
    'checkout.kind': 'slow',
  })
  expect(
    [produced, processed].map((span) => Number(span?.attributes['messaging.kafka.offset'] ?? 0)),
  ).toEqual([offset, offset])
  expect(delivered?.attributes).toMatchObject({
    'checkout.event_id': eventId,
    'checkout.delivery': 'streamed',
  })

  // The transaction, in which the records of many traces may be, is a trace of its own.
  const transaction = await vi.waitFor(() => {
    const found = receiver.spans.find(
      ({ name, links }) =>
        name === `send ${notifications}` && links.some((link) => link.spanId === processed?.spanId),
    )
    expect(found).toBeDefined()
    return found
  }, SOON)
  expect(transaction).toMatchObject({ parentSpanId: '', kind: 4 })
  expect(transaction?.traceId).not.toBe(traceId)

  const expected = `traceparent:00-${traceId}-${processed?.spanId}-01,tracestate:shop=cart`
  for (const topic of [notifications, followUp]) {
    const record = (await readTopic(system().brokers, topic)).find(({ key }) => key === eventId)
    expect(record?.headers).toContain(expected)
  }
  const stored = (await readTopic(system().brokers, data)).find(({ headers }) => headers.includes(traceId))
  expect(stored?.headers).toContain(`traceparent:00-${traceId}-${produced?.spanId}-01,tracestate:shop=cart`)

  const metrics = system().processors.map(async (processor) => {
    const accept = 'application/openmetrics-text'
    return (await fetch(`${processor.url}/metrics`, { headers: { accept } })).text()
  })
  expect((await Promise.all(metrics)).join('')).toMatch(
    new RegExp(
      String.raw`checkout_notification_delay_seconds_bucket\{le="[\d.]+",kind="slow"\} 1 # \{trace_id="${traceId}"\} `,
    ),
  )
})

test('a read that has a trace is linked with the delivery', async () => {
  const checkout = newTrace()
  const read = newTrace()
  const { answer } = await send('/checkout', checkoutOf('quick', 2), {
    traceparent: `00-${checkout.traceId}-${checkout.spanId}-01`,
  })
  await fetch(url(`/checkout/${String(answer['eventId'])}`), {
    headers: { prefer: 'wait=20', traceparent: `00-${read.traceId}-${read.spanId}-01` },
  })
  const [delivered] = await awaitSpans(checkout.traceId, ['deliver notification'])
  const reads = await vi.waitFor(() => {
    const spans = spansOf(read.traceId).toSorted((a, b) => a.service.localeCompare(b.service))
    expect(spans).toHaveLength(2)
    return spans
  }, SOON)
  expect(reads.map(({ name, service }) => [name, service])).toEqual([
    ['GET /checkout/:eventId', 'checkout-gateway'],
    ['GET /checkout/:eventId', 'checkout-processor'],
  ])
  expect(reads[1]?.parentSpanId).toBe(reads[0]?.spanId)
  expect(delivered?.links).toEqual([linksTo(reads[1] as ReceivedSpan)])
})

test('a dead letter keeps the trace of its record, and the record that sends it again links to it', async () => {
  const first = newTrace()
  const again = newTrace()
  await system().produce((producer) =>
    producer.send({
      topic: system().topics.data,
      messages: [
        {
          value: 'no JSON',
          headers: { traceparent: `00-${first.traceId}-${first.spanId}-01` },
          partition: 0,
        },
      ],
    }),
  )
  const [processed] = await awaitSpans(first.traceId, [`process ${system().topics.data}`])
  const letter = await vi.waitFor(async () => {
    const response = await fetch(url('/dead-letters'))
    const { items } = (await response.json()) as { items: { id: string; traceparent?: string }[] }
    expect(items).toHaveLength(1)
    return items[0]
  }, SOON)
  expect(letter?.traceparent).toBe(`00-${first.traceId}-${processed?.spanId}-01`)

  const { status } = await send(
    `/dead-letters/${letter?.id}/redrive`,
    { checkout: checkoutOf('quick', 3) },
    { traceparent: `00-${again.traceId}-${again.spanId}-01` },
  )
  expect(status).toBe(202)
  const [sent] = await awaitSpans(again.traceId, [`send ${system().topics.data}`])
  expect(sent?.links).toEqual([linksTo(processed as ReceivedSpan)])
})

test('each checkout of a batch has a span of its own', async () => {
  const { traceId, spanId } = newTrace()
  const batch = [checkoutOf('quick', 4), checkoutOf('none', 5)]
  const { status } = await send('/checkout/batch', batch, { traceparent: `00-${traceId}-${spanId}-01` })
  expect(status).toBe(202)
  await vi.waitFor(
    () =>
      expect(
        spansOf(traceId)
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(
        [
          'POST /checkout/batch',
          `process ${system().topics.data}`,
          `process ${system().topics.data}`,
          `send ${system().topics.data}`,
          `send ${system().topics.data}`,
        ].toSorted(),
      ),
    SOON,
  )
})

test('without a sampled trace there are no spans, and a malformed one is none', async () => {
  const unsampled = newTrace()
  const malformed = newTrace()
  const traceparents = [
    undefined,
    `00-${unsampled.traceId}-${unsampled.spanId}-00`,
    `00-${malformed.traceId}-${malformed.spanId}-01-x`,
  ]
  const eventIds: unknown[] = []
  for (const [index, traceparent] of traceparents.entries()) {
    const headers = traceparent === undefined ? {} : { traceparent, tracestate: 'shop=cart' }
    const { answer } = await send('/checkout', checkoutOf('quick', 10 + index), {
      prefer: 'wait=20',
      ...headers,
    })
    expect(answer['status']).toBe('classified')
    eventIds.push(answer['eventId'])
  }
  // Spans of later checkouts arrive after those of earlier ones.
  const last = newTrace()
  await send('/checkout', checkoutOf('quick', 20), { traceparent: `00-${last.traceId}-${last.spanId}-01` })
  await awaitSpans(last.traceId, ['POST /checkout', `process ${system().topics.data}`])
  const traced = receiver.spans.filter(({ attributes }) => eventIds.includes(attributes['checkout.event_id']))
  expect(traced).toEqual([])
  expect([...spansOf(unsampled.traceId), ...spansOf(malformed.traceId)]).toEqual([])

  const stored = await readTopic(system().brokers, system().topics.data)
  const headersOf = (eventId: unknown) =>
    stored.find(({ headers }) => headers.includes(String(eventId)))?.headers ?? ''
  expect(headersOf(eventIds[0])).not.toContain('trace')
  expect(headersOf(eventIds[1])).toContain(`traceparent:${traceparents[1]},tracestate:shop=cart`)
  expect(headersOf(eventIds[2])).not.toContain('trace')
  const outcomes = await readTopic(system().brokers, system().topics.notifications)
  for (const { headers } of outcomes.filter(({ key }) => eventIds.includes(key)))
    expect(headers).not.toContain('trace')
}, 60_000)

test('no span has customer data, and the credential is sent but never logged', () => {
  const texts = receiver.spans.map((span) => JSON.stringify(span))
  expect(texts.length).toBeGreaterThan(10)
  expect(texts.filter((text) => /Scarlett|Morris|@mail|Abbey|SRZ-|Colch/.test(text))).toEqual([])
  expect(new Set(receiver.headers.map(({ authorization }) => authorization))).toEqual(new Set([SECRET]))
  const { gateways, processors } = system()
  for (const { log } of [...gateways, ...processors]) expect(log()).not.toContain('s3cr3t')
})
