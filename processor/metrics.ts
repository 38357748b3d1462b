import { Counter, Gauge, type Registry } from 'prom-client'
import { watchNumber, watchNumbers } from '../backbone/process/metrics.ts'
import { baseKinds } from '../backbone/records/outcome.ts'
import type { CountDecisions } from './consume/commit-outcomes.ts'
import { createDelayHistogram } from './delay-histogram.ts'
import { watchDisk } from './disk-metrics.ts'
import type { Messages } from './messages/messages.ts'
import type { OutcomeStore } from './read-model/outcome-store.ts'

/** Counts the committed decisions. */
export function countDecisions(registry: Registry, now: () => number = Date.now): CountDecisions {
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
  const delays = createDelayHistogram(registry)
  return (decisions) => {
    const committedAt = now()
    const byKind = Map.groupBy(decisions, ({ outcome }) => outcome?.kind)
    // Once per kind, not per record: each count looks up its labels.
    for (const [kind, ofKind] of byKind) {
      if (kind === undefined) {
        repetitions.inc(ofKind.length)
        continue
      }
      outcomes.inc({ kind }, ofKind.length)
      delays.add(kind, ofKind, committedAt)
    }
  }
}

/** Which kinds are followed up: for rules that must not depend on their names. */
export function describeKinds(
  registry: Registry,
  { kinds, isFollowedUp }: Pick<Messages, 'kinds' | 'isFollowedUp'>,
): void {
  const followedUp = new Gauge({
    name: 'checkout_kind_followed_up',
    help: '1 if this processor copies outcomes of the kind to FollowUp, else 0',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of new Set([...baseKinds, ...kinds.map((each) => each.kind)]))
    followedUp.set({ kind }, isFollowedUp(kind) ? 1 : 0)
}

export interface Watched {
  /** For each partition that this member owns, in records. */
  lags: () => ReadonlyMap<number, number>
  /** Number of records of Notifications that the read model does not have yet. */
  readModelLag: () => number
  readModel: Pick<OutcomeStore, 'before' | 'partitions'>
  /** Path of the read model's file. */
  viewFile: string
}

/** Gauges that are read only when the metrics are collected. */
export function watchMember(registry: Registry, { lags, readModelLag, readModel, viewFile }: Watched): void {
  watchNumbers(
    registry,
    {
      name: 'checkout_consumer_lag_records',
      help: 'Unclassified records of an owned partition, as of the last fetch or claim',
      labelNames: ['partition'],
    },
    () => [...lags()].map(([partition, records]) => [{ partition }, records]),
  )
  watchNumber(
    registry,
    'checkout_view_lag_records',
    'Outcomes that the read model does not have yet',
    readModelLag,
  )
  watchNumber(
    registry,
    'checkout_newest_outcome_timestamp_seconds',
    'When the newest outcome of the read model was classified',
    () => newestOutcomeAt(readModel),
  )
  watchDisk(registry, 'VIEW_FILE', viewFile)
}

/** In seconds since the epoch; undefined without any outcome. */
function newestOutcomeAt(readModel: Watched['readModel']): number | undefined {
  const ends = readModel.partitions().map(({ next }) => next)
  const [newest] = readModel.before(ends, { kinds: 'all' }, 1).records
  return newest && newest.classifiedAt / 1_000
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
