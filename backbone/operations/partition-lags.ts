import type { ProcessorFigures } from '../figures/member-figures.ts'
import { lanePartitions } from '../records/partition.ts'
import type { EndSamples } from './end-samples.ts'
import { createLagTrends } from './lag-trend.ts'
import type { PartitionLag, SystemState } from './system-state.ts'
import { isAlive, isStopped, type TrackedRun } from './tracked-run.ts'

interface Position {
  next: number
  member: string
  isAlive: boolean
  heardAt: number
}

/** Younger records are on their way through a healthy system. */
const LAGS_FROM_SECONDS = 2

/** How far the owners of the partitions are behind the ends of DataTopic. */
export function createPartitionLags(homePartitions: number, samples: EndSamples) {
  const { first, count } = lanePartitions('browse', homePartitions)
  const trendOf = createLagTrends()
  const positions = new Map<number, Position>()

  function lagOf(partition: number, now: number): Pick<PartitionLag, 'records' | 'seconds'> {
    const end = samples.end(partition)
    const position = positions.get(partition)
    if (end === undefined || position === undefined) return { records: null, seconds: null }
    const { next } = position
    if (next >= end) return { records: 0, seconds: 0 }
    // Its owner was there when it said so, and has gone on since; one that is silent has not.
    const time = position.isAlive ? Math.min(position.heardAt, now) : now
    const records = Math.max(0, Math.round(samples.endAt(partition, time) ?? end) - next)
    const passedAt = samples.passedAt(partition, next) ?? now
    return { records, seconds: Math.max(0, Math.round((time - passedAt) / 100) / 10) }
  }

  function stateOf(partition: number, now: number): PartitionLag {
    const position = positions.get(partition)
    const { records, seconds } = lagOf(partition, now)
    const isLagging = (seconds ?? 0) >= LAGS_FROM_SECONDS
    const measured = records === null ? undefined : trendOf(partition, records, now)
    const trend = isLagging && measured ? measured : { trend: 'none' as const, clearedIn: 0 }
    if (position) samples.forget(partition, position.next, now)
    return {
      partition,
      lane: homePartitions > 1 && partition >= first && partition < first + count ? 'browse' : 'purchase',
      owner: position?.isAlive ? position.member : null,
      lastOwner: position?.member ?? null,
      records,
      seconds,
      trend: trend.trend,
      clearedIn: records === null ? null : trend.clearedIn,
    }
  }

  return (runs: readonly TrackedRun[], now: number): PartitionLag[] => {
    for (const position of positions.values()) position.isAlive = false
    for (const [partition, position] of positionsOf(runs)) {
      const known = positions.get(partition)
      // One that fell silent before another owner took over would take the position back.
      if (position.isAlive || known === undefined || known.member === position.member)
        positions.set(partition, position)
    }
    return [...new Set([...samples.partitions(), ...positions.keys()])]
      .toSorted((a, b) => a - b)
      .map((partition) => stateOf(partition, now))
  }
}

interface Claim {
  owned: ProcessorFigures['partitions'][number]
  run: TrackedRun
}

/** By the clock of the judge: those of two processors may differ. */
const claimedAt = ({ owned, run: { latest, heardAt } }: Claim): number =>
  heardAt - (latest.at - owned.claimedAt)

/** Where the owners are. A frozen one does not know that another has claimed its partition. */
function positionsOf(runs: readonly TrackedRun[]): Map<number, Position> {
  const claims = runs
    .filter((run) => !isStopped(run))
    .flatMap((run) => (run.latest.processor?.partitions ?? []).map((owned) => ({ owned, run })))
    .toSorted((a, b) => Number(isAlive(a.run)) - Number(isAlive(b.run)) || claimedAt(a) - claimedAt(b))
  return new Map(
    claims.map(({ owned: { partition, next }, run }) => [
      partition,
      { next, member: run.latest.member, isAlive: isAlive(run), heardAt: run.heardAt },
    ]),
  )
}

/** What is known of them while neither their owners nor Kafka are heard. */
export const withoutLags = (partitions: readonly PartitionLag[]): PartitionLag[] =>
  partitions.map((partition) => ({
    ...partition,
    owner: null,
    records: null,
    seconds: null,
    trend: 'none',
    clearedIn: null,
  }))

/** The slowest partition decides when the whole lag is cleared. */
export function sumLags(partitions: readonly PartitionLag[]): SystemState['lag'] {
  const known = partitions.filter(({ records }) => records !== null)
  if (known.length === 0) return { records: null, seconds: null, clearedIn: null }
  const clearing = known.map(({ clearedIn }) => clearedIn ?? Number.POSITIVE_INFINITY)
  const clearedIn = Math.max(...clearing)
  return {
    records: known.reduce((sum, { records }) => sum + (records ?? 0), 0),
    seconds: Math.max(...known.map(({ seconds }) => seconds ?? 0)),
    clearedIn: Number.isFinite(clearedIn) ? clearedIn : null,
  }
}
