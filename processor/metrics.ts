import { Counter, Gauge, type Registry } from 'prom-client'
import { watchNumber } from '../backbone/process/metrics.ts'
import { baseKinds } from '../backbone/records/outcome.ts'
import type { CountDecisions } from './consume/commit-outcomes.ts'

/** Counts the committed decisions. */
export function countDecisions(registry: Registry): CountDecisions {
  const outcomes = new Counter({
    name: 'checkout_outcomes_total',
    help: 'Outcomes that this processor committed',
    labelNames: ['kind'],
    registers: [registry],
  })
  // An alert on the first dead letter needs a 0 before it.
  for (const kind of baseKinds) outcomes.inc({ kind }, 0)
  const repetitions = new Counter({
    name: 'checkout_repetitions_total',
    help: 'Records whose event already had an outcome',
    registers: [registry],
  })
  return (decisions) => {
    const byKind = Map.groupBy(decisions, ({ outcome }) => outcome?.kind)
    // Once per kind, not per record: each count looks up its labels.
    for (const [kind, { length }] of byKind) {
      if (kind === undefined) repetitions.inc(length)
      else outcomes.inc({ kind }, length)
    }
  }
}

export interface Watched {
  /** For each partition that this member owns, in records. */
  lags: () => ReadonlyMap<number, number>
  /** Number of records of Notifications that the read model does not have yet. */
  readModelLag: () => number
}

/** Gauges that are read only when the metrics are collected. */
export function watchMember(registry: Registry, { lags, readModelLag }: Watched): void {
  registry.registerMetric(
    new Gauge({
      name: 'checkout_consumer_lag_records',
      help: 'Unclassified records of an owned partition, as of the last fetch or claim',
      labelNames: ['partition'],
      registers: [],
      collect() {
        this.reset()
        for (const [partition, records] of lags()) this.set({ partition }, records)
      },
    }),
  )
  watchNumber(
    registry,
    'checkout_view_lag_records',
    'Outcomes that the read model does not have yet',
    readModelLag,
  )
}

/** Counts the open streams. */
export function countStreams(registry: Registry) {
  let open = 0
  watchNumber(registry, 'checkout_streams_open', 'Open event streams', () => open)
  return {
    open: () => open,
    /** Call the result when the stream ends. */
    begins(): () => void {
      open++
      return () => {
        open--
      }
    },
  }
}
