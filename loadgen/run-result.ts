/** Times are milliseconds, as in k6's summary. */
export interface TrendValues {
  count: number
  avg: number
  min: number
  med: number
  max: number
  'p(90)': number
  'p(95)': number
  'p(99)': number
}

export interface CounterValues {
  count: number
  /** Per second. */
  rate: number
}

/** `passes` counts what the metric names: for `http_req_failed`, failed requests. */
export interface RateValues {
  passes: number
  fails: number
  value: number
}

export interface GaugeValues {
  value: number
  min: number
  max: number
}

export type MetricValues = TrendValues | CounterValues | RateValues | GaugeValues

/**
 * Metrics of the whole run or of a part; names and layout are k6's, others are in
 * docs/guides/load-testing.md.
 */
export interface Metrics {
  /** From the due time of a request to its end, successful or not. */
  http_req_duration: TrendValues
  /** From sending to the end: the view of a closed model. */
  http_req_service_time: TrendValues
  /** Delay of this program: from due to sent. */
  send_delay: TrendValues
  /** From the due time of a checkout to its last answer, including retries. */
  iteration_duration: TrendValues
  /** From the due time of a checkout to its notification; only for kinds of outcomes that notify. */
  notification_delay: TrendValues
  /** The same, from its first request. */
  notification_delay_from_post: TrendValues
  http_req_failed: RateValues
  http_reqs: CounterValues
  iterations: CounterValues
  /** Due, but not sent in time. */
  dropped_iterations: CounterValues
  /** Checkouts that were answered 202. */
  accepted: CounterValues
  retries: CounterValues
  /** Requests repeated because a kept connection had just been closed; no figure counts them twice. */
  resent: CounterValues
  /** Accepted, but without an outcome. */
  lost: CounterValues
  /** With more than one outcome. */
  duplicated: CounterValues
  /** With another kind or text than docs/reference/domain.md requires. */
  wrong: CounterValues
  data_sent: CounterValues
  data_received: CounterValues
}

export type MetricName = keyof Metrics

/** Figures of a stage, a lane or a scenario. */
export interface Slice {
  name: string
  metrics: Metrics
  /** Failed requests, by status or by why there was no answer. */
  failures: Record<string, number>
}

export interface ThresholdResult {
  /** With its selector, as written: `http_req_duration{lane:purchase}`. */
  metric: string
  /** As written: `p(99)<250 over 10s`. */
  expression: string
  ok: boolean
  /** The value compared with the bound; undefined without samples. */
  actual: number | undefined
  /** For a sliding window: the end of the worst one, in seconds since the start. */
  at?: number
}

/** Figures from `at` until the next point. */
export interface TimelinePoint {
  /** Seconds since the start. */
  at: number
  /** Planned checkouts per second. Undefined if only VUs define the load. */
  asked: number | undefined
  /** Requests sent per second. */
  sent: number
  /** Checkouts accepted per second. */
  accepted: number
  /** Per second. */
  dropped: number
  /** Per second, by status or by why there was no answer. */
  failures: Record<string, number>
  /** At the end of the interval. */
  inFlight: number
  /** http_req_duration; undefined if no request ended. */
  duration: Quantiles | undefined
  /** notification_delay; undefined if no notification arrived. */
  delay: Quantiles | undefined
}

export interface Quantiles {
  p50: number
  p90: number
  p99: number
  max: number
}

export interface Outcomes {
  accepted: number
  /** Events with exactly one outcome, of any kind and text. */
  single: number
  /** Without an outcome, although its time was over and it was looked up. */
  lost: number
  /** Not followed to the end: the wait was aborted, or the look-ups failed. */
  unknown: number
  duplicated: number
  wrongKind: number
  wrongText: number
  /** Part of `single`: found by a look-up, because the stream had not delivered it. */
  lookedUp: number
  /** The first few event ids of each fault. */
  examples: Record<'lost' | 'duplicated' | 'wrongKind' | 'wrongText', string[]>
  stream: { reconnects: number; gaps: number; unreadable: number }
}

/** Result of a breakpoint search: the highest rate whose stage passed every threshold. */
export interface Breakpoint {
  /** Checkouts per second; undefined if even the first one broke. */
  held: number | undefined
  /** Undefined if the search ended before a threshold broke. */
  broken: { rate: number; thresholds: string[] } | undefined
}

/** Everything that is known at the end of a run, as `--summary-export` writes it. */
export interface RunResult {
  metrics: Record<string, MetricValues & { thresholds?: Record<string, boolean> }>
  load: {
    /** Name of the scenario, or `command line`. */
    name: string
    target: string
    seed: number
    startedAt: string
    /** Duration of sending; rates are relative to this time. */
    seconds: number
    tags: Record<string, string>
    stages: Slice[]
    lanes: Slice[]
    scenarios: Slice[]
    /** Of the whole run. */
    failures: Record<string, number>
    thresholds: ThresholdResult[]
    outcomes: Outcomes | undefined
    breakpoint: Breakpoint | undefined
    /** Why it ended before its plan; undefined if it did not. */
    endedEarly: string | undefined
    /** Manual changes during the run: seconds since the start, and the factor of the planned rate from then on. */
    rateChanges: { at: number; factor: number }[]
    /** Of the file that was replayed; a load that ends earlier does not send all of them. */
    replayLines: number | undefined
    /** Requests that were given up when it ended, and that are in no other figure. */
    unanswered: number
    timeline: TimelinePoint[]
    /** Of the trends, in microseconds: HdrHistogram's V2 encoding, compressed, base64. */
    histograms: Partial<Record<MetricName, string>>
  }
}
