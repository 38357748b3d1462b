import { Hono } from 'hono'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { startReceiver } from '../../test/otlp-receiver.ts'
import { measureRequests } from '../process/metrics.ts'
import { readSettings } from '../process/settings.ts'
import { openTracing } from './open-tracing.ts'
import type { TraceContext } from './trace-context.ts'
import { createRequestTrace, type TraceEnv } from './trace-requests.ts'
import type { Tracing } from './tracing.ts'
import { tracingSettings } from './tracing-settings.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const sampled = { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` }
const unsampled = { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-00` }
const schema = z.object(tracingSettings)
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** With a receiver that answers `status`, or none. */
async function trace(environment: NodeJS.ProcessEnv, status: number | undefined = 200) {
  const receiver = await startReceiver(status)
  stops.push(receiver.stop)
  if (status === 0) await receiver.stop()
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) })
  const settings = readSettings(schema, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...environment })
  const tracing = await openTracing(settings, { role: 'gateway', instance: 'gateway-1', log })
  if (tracing === undefined) throw new Error('there is no tracing')
  return { receiver, tracing, lines }
}

const startSpan = (tracing: Tracing, parent?: TraceContext, links?: TraceContext[]) =>
  tracing.start({ name: 'span', kind: 'internal', parent, ...(links ? { links } : {}) })

test('without a collector there are no traces', async () => {
  const options = { role: 'gateway', instance: 'gateway-1', log: pino({ level: 'silent' }) } as const
  expect(await openTracing(readSettings(schema, {}), options)).toBeUndefined()
})

test.each([
  ['always_on', [true, true, true]],
  ['always_off', [false, false, false]],
  ['traceidratio', [false, false, false]],
  ['parentbased_always_on', [true, true, false]],
  ['parentbased_always_off', [false, true, false]],
  ['parentbased_traceidratio', [false, true, false]],
])('%s decides on a new trace, one that is sampled and one that is not', async (sampler, expected) => {
  const { tracing } = await trace({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0' })
  const spans = [undefined, sampled, unsampled].map((parent) => startSpan(tracing, parent))
  expect(spans.map((span) => span !== undefined)).toEqual(expected)
  for (const span of spans) span?.end()
  await tracing.close()
})

test.each([0.49, 0.5])(
  'of new traces a share is recorded, of begun ones all that were sampled (%s)',
  async (drawn) => {
    const settings = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' }
    const { tracing } = await trace(settings)
    vi.spyOn(Math, 'random').mockReturnValue(drawn)
    onTestFinished(() => void vi.restoreAllMocks())
    expect(startSpan(tracing) !== undefined).toBe(drawn < 0.5)
    expect(startSpan(tracing, sampled)).toBeDefined()
    expect(startSpan(tracing, unsampled)).toBeUndefined()
  },
)

test('a new trace that sampled spans fan in to is sampled', async () => {
  const { tracing, receiver } = await trace({ OTEL_TRACES_SAMPLER: 'parentbased_always_off' })
  startSpan(tracing, undefined, [sampled])?.end()
  expect(startSpan(tracing, unsampled, [sampled])).toBeUndefined()
  await tracing.close()
  expect(receiver.spans.map(({ links }) => links)).toEqual([
    [{ traceId: TRACE_ID, spanId: '00f067aa0ba902b7' }],
  ])
})

test('closing exports what waits, with the names of the settings', async () => {
  const { tracing, receiver } = await trace({
    OTEL_SERVICE_NAME: 'shop',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=other',
  })
  const span = startSpan(tracing, { ...sampled, tracestate: 'a=1' })
  expect(span?.context).toEqual({
    traceparent: expect.stringMatching(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`),
    tracestate: 'a=1',
  })
  span?.end('Timeout')
  await tracing.close()
  expect(receiver.spans).toMatchObject([
    { service: 'shop', name: 'span', isError: true, attributes: { 'error.type': 'Timeout' } },
  ])
})

test.each([
  ['nobody', 0],
  ['a collector that refuses them', 400],
])('traces for %s are dropped with one warning at most', async (_, status) => {
  const { tracing, lines } = await trace({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=geheim' }, status)
  for (let count = 0; count < 1_500; count++) startSpan(tracing)?.end()
  await tracing.close()
  const warnings = lines.filter(({ level }) => level === 40)
  expect(warnings.length).toBeLessThanOrEqual(1)
  expect(JSON.stringify(lines)).not.toContain('geheim')
})

test('a request has a server span with its route, and passes on its decision', async () => {
  const { tracing, receiver } = await trace({
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0',
  })
  const { tracing: all, receiver: everything } = await trace({})
  const passedOn: (TraceContext | undefined)[] = []
  const appWith = (of: Tracing) => {
    const app = new Hono<TraceEnv>()
    app.use(measureRequests(new Registry(), [], { trace: createRequestTrace(of) }))
    app.get('/checkout/:eventId', (context) => {
      passedOn.push(context.get('trace'))
      return context.text('')
    })
    app.get('/health/live', (context) => context.text(''))
    app.get('/broken', () => {
      throw new Error('broken')
    })
    app.onError((_, context) => context.text('', 500))
    return app
  }
  const headers = { ...sampled, tracestate: 'a=1' }
  for (const path of ['/checkout/1?customer=geheim', '/health/live', '/unknown', '/broken'])
    await appWith(all).request(path, { headers })
  await appWith(tracing).request('/checkout/1', { headers })
  await appWith(tracing).request('/checkout/1')
  await Promise.all([all.close(), tracing.close()])

  expect(
    everything.spans.map(({ name, kind, isError, attributes }) => ({ name, kind, isError, attributes })),
  ).toEqual([
    {
      name: 'GET /checkout/:eventId',
      kind: 2,
      isError: false,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/checkout/:eventId',
        'http.response.status_code': 200,
        'url.path': '/checkout/1',
        'url.scheme': 'http',
      },
    },
    expect.objectContaining({ name: 'GET', isError: false }),
    expect.objectContaining({ name: 'GET /broken', isError: true }),
  ])
  expect(receiver.spans).toEqual([])
  expect(passedOn).toEqual([
    {
      traceparent: expect.stringMatching(`^00-${TRACE_ID}-(?!00f067aa0ba902b7).{16}-01$`),
      tracestate: 'a=1',
    },
    { ...unsampled, tracestate: 'a=1' },
    undefined,
  ])
})
