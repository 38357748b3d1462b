import { Counter, Gauge, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createRegistry, exemplarHistogram, traceExemplar } from './metrics.ts'
import { openMetrics, prefersOpenMetrics } from './open-metrics.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const trace = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }

test.each([
  'application/openmetrics-text',
  // As Prometheus 2.42 asks.
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'text/plain;q=0.1, Application/OpenMetrics-Text; q=1',
])('%s prefers OpenMetrics', (accept) => expect(prefersOpenMetrics(accept)).toBe(true))

test.each([
  undefined,
  '',
  '*/*',
  'text/plain',
  'application/openmetrics-text; q=0',
  // Prometheus 3 with scrape_protocols: [PrometheusText0.0.4, OpenMetricsText1.0.0].
  'text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,*/*;q=0.2',
  'application/openmetrics-textile',
])('%s does not prefer OpenMetrics', (accept) => expect(prefersOpenMetrics(accept)).toBe(false))

test('exemplars are in OpenMetrics, with the trace of the newest observation of a bucket', async () => {
  const registry = new Registry()
  const seconds = exemplarHistogram(registry, {
    name: 'delay_seconds',
    help: 'A delay',
    labelNames: ['lane'],
    buckets: [1, 10],
  })
  const observe = (value: number, context: typeof trace | undefined) =>
    seconds.observe({ labels: { lane: 'purchase' }, value, exemplarLabels: traceExemplar(context) })
  observe(0.5, trace)
  observe(0.7, undefined)
  observe(5, { traceparent: trace.traceparent.replace(/01$/, '00') })

  const { text, contentType } = await openMetrics(registry)
  expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  const buckets = text.split('\n').filter((line) => line.startsWith('delay_seconds_bucket'))
  expect(buckets).toHaveLength(3)
  expect(buckets[0]).toMatch(
    new RegExp(
      `^delay_seconds_bucket\\{le="1",lane="purchase"\\} 2 # \\{trace_id="${traceId}"\\} 0.5 \\d+(\\.\\d+)?$`,
    ),
  )
  expect(buckets.slice(1).filter((line) => line.includes('#'))).toEqual([])
  expect(text.endsWith('\n# EOF\n')).toBe(true)
  expect(await registry.metrics()).not.toContain('trace_id')
})

test('both formats have the same values, in whichever order they are read', async () => {
  const registry = new Registry()
  const stored = new Counter({
    name: 'stored_total',
    help: 'Stored',
    labelNames: ['lane'],
    registers: [registry],
  })
  let reads = 0
  registry.registerMetric(
    new Gauge({
      name: 'reads',
      help: 'Reads',
      registers: [],
      collect() {
        this.reset()
        this.set(++reads)
      },
    }),
  )
  stored.inc({ lane: 'purchase' }, 2)
  const before = await registry.metrics()
  const { text } = await openMetrics(registry)
  stored.inc({ lane: 'purchase' })
  expect(text).toContain('# TYPE stored counter\nstored_total{lane="purchase"} 2\n')
  expect(text).toContain('reads 2\n')
  expect(await registry.metrics()).toBe(before.replace('"} 2', '"} 3').replace('reads 1', 'reads 3'))
  expect((await openMetrics(registry)).text).toContain('stored_total{lane="purchase"} 3\n')
})

test('the default metrics are valid in OpenMetrics: names of counters end in _total, no family comes twice', async () => {
  const { text } = await openMetrics(createRegistry())
  const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({ name, type }))
  expect(families.length).toBeGreaterThan(10)
  expect(new Set(families.map(({ name }) => name)).size).toBe(families.length)
  expect(
    families.filter(({ type }) => !['counter', 'gauge', 'histogram', 'summary'].includes(type ?? '')),
  ).toEqual([])
  for (const { name } of families.filter(({ type }) => type === 'counter'))
    expect(text).toMatch(new RegExp(`^${name}_total[ {]`, 'm'))
})
