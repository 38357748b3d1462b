import { parseAccept } from 'hono/utils/accept'
import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client'

const OPEN_METRICS = 'application/openmetrics-text'
const TEXT = 'text/plain'

/**
 * Whether a scraper prefers OpenMetrics to the text format, as Prometheus does unless it is configured otherwise; only
 * OpenMetrics has exemplars.
 */
export function prefersOpenMetrics(accept = ''): boolean {
  const ranges = parseAccept(accept)
  const qualityOf = (type: string) =>
    Math.max(0, ...ranges.filter((range) => range.type.toLowerCase() === type).map(({ q }) => q))
  const quality = qualityOf(OPEN_METRICS)
  return quality > 0 && quality >= qualityOf(TEXT)
}

/** The metrics in OpenMetrics 1.0. */
export async function openMetrics(registry: Registry): Promise<{ text: string; contentType: string }> {
  const view = new Registry<OpenMetricsContentType>()
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of registry.getMetricsAsArray()) view.registerMetric(withOwnName(metric))
  return { text: await view.metrics(), contentType: view.contentType }
}

/**
 * prom-client 15.1.3 renames the counters that it prints in OpenMetrics: afterwards the text format has them without
 * `_total`. Here it renames a copy, which reads everything else from the metric.
 */
const withOwnName = (metric: object): Metric =>
  Object.create(metric, { name: { value: nameOf(metric), writable: true } })

const nameOf = (metric: object): unknown => ('name' in metric ? metric.name : undefined)
