import type { Acceptance } from '../outcomes/outcome-ledger.ts'
import type { RunResult } from '../run-result.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import type { CheckoutSample, Place, RequestSample } from '../sending/samples.ts'
import { createMetricSet, type MetricSet } from './metric-set.ts'
import { createSlices } from './slices.ts'
import type { Selector } from './thresholds.ts'

/** The part of the samples that has these tags. */
export interface Selection {
  selector: Selector
  metrics: MetricSet
}

/** Whether the answer is expected from a healthy target. If outcomes are not followed, any 2xx or 3xx is. */
export const isExpected = (outcome: RequestSample['outcome'], verify: boolean): boolean =>
  typeof outcome === 'number' && (verify ? outcome === 202 : outcome >= 200 && outcome < 400)

/** Metrics of all samples: for the whole run, for its parts, and for the selectors of thresholds. */
export function createFigures(plans: readonly ScenarioPlan[], verify: boolean) {
  const total = createMetricSet()
  const slices = createSlices(plans)
  const selections: Selection[] = []

  const tagOf = (place: Omit<Place, 'lane'> & Partial<RequestSample>, tag: string): string | undefined => {
    const { scenario, stage, lane, outcome } = place
    if (tag === 'scenario') return plans[scenario]?.name
    if (tag === 'stage') return String(stage + 1)
    if (tag === 'lane') return lane
    if (tag === 'status') return outcome === undefined ? undefined : String(outcome)
    if (tag === 'expected_response') {
      return outcome === undefined ? undefined : String(isExpected(outcome, verify))
    }
    return plans[scenario]?.tags[tag]
  }
  const selected = (place: Omit<Place, 'lane'> & Partial<RequestSample>): MetricSet[] =>
    selections
      .filter(({ selector }) => selector.tags.entries().every(([tag, value]) => tagOf(place, tag) === value))
      .map(({ metrics }) => metrics)
  const partsOf = (place: Place) => [total, ...slices.of(place), ...selected(place)]

  return {
    total,
    slices,
    /** Future samples with the tags of the selector. */
    select(selector: Selector): MetricSet {
      if (selector.tags.size === 0) return total
      const metrics = createMetricSet()
      selections.push({ selector, metrics })
      return metrics
    },

    request(sample: RequestSample) {
      const { outcome, retry, resent, dueAt, sentAt, endedAt, bytesSent, bytesReceived } = sample
      const expected = isExpected(outcome, verify)
      for (const metrics of partsOf(sample)) {
        const { trends, counts } = metrics
        trends.http_req_duration.record(endedAt - dueAt)
        trends.http_req_service_time.record(endedAt - sentAt)
        trends.send_delay.record(sentAt - dueAt)
        counts.http_reqs++
        counts.data_sent += bytesSent
        counts.data_received += bytesReceived
        if (retry) counts.retries++
        if (resent) counts.resent++
        if (!expected) metrics.failed(String(outcome))
      }
    },

    checkout(sample: CheckoutSample) {
      for (const { trends, counts } of partsOf(sample)) {
        trends.iteration_duration.record(sample.endedAt - sample.dueAt)
        counts.iterations++
        if (sample.accepted) counts.accepted++
      }
    },

    dropped(scenario: number, stage: number, count: number) {
      const place = { scenario, stage }
      for (const { counts } of [total, ...slices.ofPlace(place), ...selected(place)]) {
        counts.dropped_iterations += count
      }
    },

    notification(acceptance: Acceptance, at: number) {
      for (const { trends } of partsOf(acceptance)) {
        trends.notification_delay.record(at - acceptance.dueAt)
        trends.notification_delay_from_post.record(at - acceptance.sentAt)
      }
    },

    fault(name: 'lost' | 'wrong', acceptance: Acceptance) {
      for (const { counts } of partsOf(acceptance)) counts[name]++
    },

    duplicated: () => {
      total.counts.duplicated++
    },

    histograms(): RunResult['load']['histograms'] {
      const encoded = Object.entries(total.trends).map(([name, trend]) => [name, trend.encoded()] as const)
      return Object.fromEntries(encoded.filter(([, text]) => text !== undefined))
    },
  }
}

export type Figures = ReturnType<typeof createFigures>
