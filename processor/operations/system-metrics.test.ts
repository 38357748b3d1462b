import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import { sumLags, withoutLags } from '../../backbone/operations/partition-lags.ts'
import type { SystemState } from '../../backbone/operations/system-state.ts'
import { states } from '../../test/operations-states.ts'
import { watchSystem } from './system-metrics.ts'

const { allWell } = states

/** The gauges of a processor that knows this state, without their common prefix. */
async function gaugesOf(state: SystemState | undefined): Promise<string[]> {
  const registry = new Registry()
  const noteScrape = vi.fn()
  watchSystem(registry, { state: () => state, noteScrape })
  const lines = (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line))
  expect(noteScrape).toHaveBeenCalledOnce()
  return lines.map((line) => line.replace('checkout_', ''))
}

test('lag, owners and replicas are those of the state of the system', async () => {
  const partitions = allWell.partitions.slice(0, 2)
  const [first, second] = partitions
  if (!first || !second) throw new Error('too few partitions')
  const lost: SystemState = {
    ...allWell,
    partitions: [first, { ...second, owner: null, records: 1, seconds: 7.5, clearedIn: null }],
  }
  const place = { topic: 'DataTopic', partition: 1 }
  const [one, ...others] = allWell.kafka?.brokers ?? []
  if (!one) throw new Error('no brokers')
  lost.kafka = {
    at: 0,
    brokers: [{ ...one, answers: false }, ...others],
    belowMinIsr: [place],
    underReplicated: [place, { ...place, topic: 'Notifications' }],
  }
  expect(await gaugesOf(lost)).toEqual([
    'consumer_lag_seconds{partition="0"} 0',
    'consumer_lag_seconds{partition="1"} 7.5',
    'partitions_unowned 1',
    'kafka_brokers 3',
    'kafka_brokers_answering 2',
    'kafka_partitions_under_replicated 2',
    'kafka_partitions_below_min_isr 1',
  ])
})

test('what nobody knows has no gauge, rather than 0 or the last value', async () => {
  expect(await gaugesOf(undefined)).toEqual([])
  const partitions = withoutLags(allWell.partitions)
  expect(await gaugesOf({ ...allWell, kafka: null, lag: sumLags(partitions), partitions })).toEqual([])
})
