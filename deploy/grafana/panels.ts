export interface Panel {
  title: string
  /** In Grafana's words: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit */
  unit: 'reqps' | 's' | 'short' | 'percentunit' | 'bytes'
  description?: string
  /** By legend. */
  queries: Record<string, string>
}

interface Row {
  title: string
  panels: Panel[]
}

/** Cheap queries: recorded series, gauges, and counters without many labels. */
export const rows: Row[] = [
  {
    title: 'Buyers',
    panels: [
      {
        title: 'Answers to purchases',
        unit: 'reqps',
        description: 'Unknown lane: answered before the body was read; a gateway treats it like a purchase.',
        queries: {
          '{{lane}} {{status}}': 'lane_status:checkout_answers:rate5m{lane=~"purchase|unknown"} > 0',
        },
      },
      {
        title: 'Answers to visits',
        unit: 'reqps',
        description: 'Under overload, visits are refused before purchases.',
        queries: { '{{status}}': 'lane_status:checkout_answers:rate5m{lane="browse"} > 0' },
      },
      {
        title: 'Error budgets: burn rate',
        unit: 'short',
        description: 'At 1, the budget of 30 days lasts 30 days. Alerts fire at 14.4, 6 and 1.',
        queries: {
          'purchases accepted, 1 h': 'slo:checkout_errors:ratio_rate1h{slo="purchases-accepted"} / 0.001',
          'answers in time, 1 h': 'slo:checkout_errors:ratio_rate1h{slo="answers-in-time"} / 0.01',
          'notifications in time, 1 h':
            'slo:checkout_errors:ratio_rate1h{slo="notifications-in-time"} / 0.01',
        },
      },
    ],
  },
  {
    title: 'Delay',
    panels: [
      {
        title: 'POST to its answer',
        unit: 's',
        queries: {
          p50: 'system:checkout_answer_duration_seconds:p50_rate5m',
          p99: 'system:checkout_answer_duration_seconds:p99_rate5m',
        },
      },
      {
        title: 'POST to notification',
        unit: 's',
        description: 'Of purchases with a notification, by the clocks of gateways and processors.',
        queries: {
          p50: 'system:checkout_notification_delay_seconds:p50_rate5m',
          p99: 'system:checkout_notification_delay_seconds:p99_rate5m',
        },
      },
      {
        title: 'Publishing to Kafka, mean',
        unit: 's',
        queries: {
          '{{instance}}':
            'rate(checkout_publish_duration_seconds_sum[5m]) / rate(checkout_publish_duration_seconds_count[5m])',
        },
      },
    ],
  },
  {
    title: 'Lag',
    panels: [
      {
        title: 'Age of the oldest unclassified record',
        unit: 's',
        queries: { 'partition {{partition}}': 'partition:checkout_consumer_lag_seconds:max' },
      },
      {
        title: 'Unclassified records',
        unit: 'short',
        queries: { 'partition {{partition}}': 'sum by (partition) (checkout_consumer_lag_records)' },
      },
      {
        title: 'Age of the newest outcome',
        unit: 's',
        queries: {
          system: 'system:checkout_newest_outcome_age_seconds:min',
          '{{instance}}': 'time() - checkout_newest_outcome_timestamp_seconds',
        },
      },
    ],
  },
  {
    title: 'Outcomes',
    panels: [
      {
        title: 'Outcomes',
        unit: 'reqps',
        queries: {
          '{{kind}}': 'kind:checkout_outcomes:rate5m',
          repetitions: 'sum(rate(checkout_repetitions_total[5m]))',
        },
      },
      {
        title: 'Followed up',
        unit: 'percentunit',
        description: 'Share of purchases whose outcomes are copied to FollowUp.',
        queries: {
          'last 30 minutes': 'system:checkout_follow_ups:ratio_rate30m',
          'last day': 'system:checkout_follow_ups:ratio_rate1d',
        },
      },
      {
        title: 'Dead letters in 15 minutes',
        unit: 'short',
        queries: { invalid: 'sum(increase(checkout_outcomes_total{kind="invalid"}[15m]))' },
      },
    ],
  },
  {
    title: 'Kafka',
    panels: [
      {
        title: 'Brokers',
        unit: 'short',
        queries: { all: 'max(checkout_kafka_brokers)', answering: 'max(checkout_kafka_brokers_answering)' },
      },
      {
        title: 'Partitions',
        unit: 'short',
        queries: {
          'below min.insync.replicas': 'max(checkout_kafka_partitions_below_min_isr)',
          'under-replicated': 'max(checkout_kafka_partitions_under_replicated)',
          'without owner': 'max(checkout_partitions_unowned)',
        },
      },
      {
        title: 'Checkouts in a request to Kafka, mean',
        unit: 'short',
        queries: {
          '{{instance}}': 'rate(checkout_publish_records_sum[5m]) / rate(checkout_publish_records_count[5m])',
        },
      },
    ],
  },
  {
    title: 'Members',
    panels: [
      {
        title: 'Ready',
        unit: 'short',
        queries: { '{{instance}}': 'checkout_ready', 'up {{instance}}': 'up{job="checkout"}' },
      },
      {
        title: 'Requests in flight',
        unit: 'short',
        queries: {
          '{{instance}}': 'checkout_requests_in_flight',
          'limit {{instance}}': 'checkout_requests_in_flight_limit',
        },
      },
      {
        title: 'Open event streams',
        unit: 'short',
        queries: { '{{instance}}': 'checkout_streams_open' },
      },
      {
        title: 'Processor time, in cores',
        unit: 'short',
        queries: { '{{instance}}': 'rate(process_cpu_seconds_total{job="checkout"}[5m])' },
      },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: { '{{instance}}': 'process_resident_memory_bytes{job="checkout"}' },
      },
      {
        title: 'Free disk',
        unit: 'percentunit',
        queries: { '{{instance}} {{setting}}': 'checkout_disk_free_bytes / checkout_disk_size_bytes' },
      },
    ],
  },
  {
    title: 'Forecast',
    panels: [
      {
        title: 'Checkouts that arrive, and that were expected',
        unit: 'reqps',
        description: 'Without a forecast: the same time yesterday.',
        queries: {
          arriving: 'system:checkout_arrivals:rate5m',
          'expected: {{bound}}': 'bound:checkout_expected_checkouts_per_second:sum',
          yesterday: 'system:checkout_arrivals:rate30m offset 1d',
        },
      },
      {
        title: 'Peak of the next hour, and capacity',
        unit: 'reqps',
        queries: {
          'peak: {{bound}}': 'max by (bound) (checkout_forecast_peak_checkouts_per_second)',
          capacity: 'max(checkout_capacity_checkouts_per_second)',
        },
      },
      {
        title: 'Time until the forecast is beyond the capacity',
        unit: 's',
        queries: { remaining: 'min(checkout_forecast_beyond_capacity_seconds)' },
      },
    ],
  },
]
