import type { Registry } from 'prom-client'
import type { SystemState } from '../../backbone/operations/system-state.ts'
import { watchNumber, watchNumbers } from '../../backbone/process/metrics.ts'

interface SystemReading {
  /** Undefined until this member knows it. */
  state: () => SystemState | undefined
  /** Called whenever the metrics are collected. */
  noteScrape: () => void
}

/**
 * What this member knows about the whole system, also about partitions without an owner. Every member that serves results
 * has these gauges: sum them up with `max`, never with `sum`.
 */
export function watchSystem(registry: Registry, { state, noteScrape }: SystemReading): void {
  const watch = (name: string, help: string, read: (known: SystemState) => number | undefined) =>
    watchNumber(registry, name, help, () => {
      const known = state()
      return known && read(known)
    })

  watchNumbers(
    registry,
    {
      name: 'checkout_consumer_lag_seconds',
      help: 'Age of the oldest unclassified record of a partition; 0 without any',
      labelNames: ['partition'],
    },
    () => {
      noteScrape()
      return (state()?.partitions ?? []).flatMap(
        ({ partition, seconds }): [{ partition: number }, number][] =>
          seconds === null ? [] : [[{ partition }, seconds]],
      )
    },
  )
  watch('checkout_partitions_unowned', 'Partitions that no living processor owns', ({ lag, partitions }) =>
    lag.records === null ? undefined : partitions.filter(({ owner }) => owner === null).length,
  )
  watch(
    'checkout_kafka_brokers',
    'Brokers of the cluster, also those that do not answer',
    ({ kafka }) => kafka?.brokers.length,
  )
  watch(
    'checkout_kafka_brokers_answering',
    'Brokers that answer',
    ({ kafka }) => kafka?.brokers.filter(({ answers }) => answers).length,
  )
  watch(
    'checkout_kafka_partitions_under_replicated',
    'Partitions of the topics of this system with fewer in-sync replicas than replicas',
    ({ kafka }) => kafka?.underReplicated.length,
  )
  watch(
    'checkout_kafka_partitions_below_min_isr',
    'Partitions of the topics of this system with fewer in-sync replicas than min.insync.replicas',
    ({ kafka }) => kafka?.belowMinIsr.length,
  )
}
