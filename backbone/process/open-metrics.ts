import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client'

const MEDIA_TYPE = 'application/openmetrics-text'

/** Whether a scraper asks for OpenMetrics, as Prometheus does before the text format; only OpenMetrics has exemplars. */
export const prefersOpenMetrics = (accept: string | undefined): boolean =>
  accept?.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === MEDIA_TYPE && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  }) ?? false

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
