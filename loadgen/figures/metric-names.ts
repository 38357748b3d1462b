import type { MetricName } from '../run-result.ts'

type MetricType = 'trend' | 'rate' | 'counter'

/** All metrics by type, as k6 defines the types. */
export const metricTypes: Readonly<Record<MetricName, MetricType>> = {
  http_req_duration: 'trend',
  http_req_service_time: 'trend',
  send_delay: 'trend',
  iteration_duration: 'trend',
  notification_delay: 'trend',
  notification_delay_from_post: 'trend',
  http_req_failed: 'rate',
  http_reqs: 'counter',
  iterations: 'counter',
  dropped_iterations: 'counter',
  accepted: 'counter',
  retries: 'counter',
  resent: 'counter',
  lost: 'counter',
  duplicated: 'counter',
  wrong: 'counter',
  data_sent: 'counter',
  data_received: 'counter',
}

/** Only measured if outcomes are followed. */
export const outcomeMetrics: ReadonlySet<MetricName> = new Set<MetricName>([
  'notification_delay',
  'notification_delay_from_post',
  'lost',
  'duplicated',
  'wrong',
])

export const isMetricName = (name: string): name is MetricName => Object.hasOwn(metricTypes, name)
