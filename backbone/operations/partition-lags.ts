import type { ProcessorFigures } from '../figures/member-figures.ts'
import { lanePartitions } from '../records/partition.ts'
import type { EndSamples } from './end-samples.ts'
import { createLagTrends, type LagTrend } from './lag-trend.ts'
import type { Lag, PartitionLag } from './system-state.ts'
import { isAlive, isStopped, type TrackedRun } from './tracked-run.ts'

interface Position {
  next: number
  member: string
  isAlive: boolean
  lastSeenAt: number
}

/** Younger records are on their way through a healthy system. */
const LAGS_FROM_SECONDS = 2
const NO_TREND: LagTrend = { trend: 'none', clearedIn: 0 }
const UNKNOWN_LAG = { records: null, seconds: null, clearedIn: null }

/** How far the owners of the partitions are behind the ends of DataTopic. */
export function createPartitionLags(homePartitions: () => number, samples: EndSamples) {
  function isBrowse(partition: number): boolean {
    const homes = homePartitions()
    const { first, count } = lanePartitions('browse', homes)
    return homes > 1 && partition >= first && partition < first + count
  }
  const trendOf = createLagTrends()
  const positions = new Map<number, Position>()

  /** Undefined while unknown. */
  function lagOf(partition: number, now: number): { records: number; seconds: number } | undefined {
    const end = samples.end(partition)
    const position = positions.get(partition)
    if (end === undefined || position === undefined) return undefined
    const { next } = position
    if (next >= end) return { records: 0, seconds: 0 }
    // Its owner has continued since it published that position; one that is silent has not.
    const time = position.isAlive ? Math.min(position.lastSeenAt, now) : now
    const records = Math.max(0, Math.round(samples.endAt(partition, time) ?? end) - next)
    const passedAt = samples.passedAt(partition, next) ?? now
    return { records, seconds: Math.max(0, Math.round((time - passedAt) / 100) / 10) }
  }

  function stateOf(partition: number, now: number): PartitionLag {
    const position = positions.get(partition)
    const lag = lagOf(partition, now)
    const measured = lag && trendOf(partition, lag.records, now)
    const { trend, clearedIn } = lag && measured && lag.seconds >= LAGS_FROM_SECONDS ? measured : NO_TREND
    if (position) samples.forget(partition, position.next, now)
    return {
      partition,
      lane: isBrowse(partition) ? 'browse' : 'purchase',
      owner: position?.isAlive ? position.member : null,
      lastOwner: position?.member ?? null,
      trend,
      ...(lag ? { ...lag, clearedIn } : UNKNOWN_LAG),
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

/** By the clock of this process: those of two processors may differ. */
const claimedAt = ({ owned, run: { latest, lastSeenAt } }: Claim): number =>
  lastSeenAt - (latest.at - owned.claimedAt)

/** Where the owners are. A frozen one does not know that another has claimed its partition. */
function positionsOf(runs: readonly TrackedRun[]): Map<number, Position> {
  const claims = runs
    .filter((run) => !isStopped(run))
    .flatMap((run) => (run.latest.processor?.partitions ?? []).map((owned) => ({ owned, run })))
    .toSorted((a, b) => Number(isAlive(a.run)) - Number(isAlive(b.run)) || claimedAt(a) - claimedAt(b))
  return new Map(
    claims.map(({ owned: { partition, next }, run }) => [
      partition,
      { next, member: run.latest.member, isAlive: isAlive(run), lastSeenAt: run.lastSeenAt },
    ]),
  )
}

/** What is known of them while no figures arrive. */
export const withoutLags = (partitions: readonly PartitionLag[]): PartitionLag[] =>
  partitions.map((partition) => ({
    ...partition,
    owner: null,
    trend: 'none',
    ...UNKNOWN_LAG,
  }))

/** The slowest partition decides when the whole lag is cleared. */
export function sumLags(partitions: readonly PartitionLag[]): Lag {
  const known = partitions.filter((partition) => partition.records !== null)
  if (known.length === 0) return UNKNOWN_LAG
  const clearing = known.map(({ clearedIn }) => clearedIn ?? Number.POSITIVE_INFINITY)
  const clearedIn = Math.max(...clearing)
  return {
    records: known.reduce((sum, { records }) => sum + records, 0),
    seconds: Math.max(...known.map(({ seconds }) => seconds)),
    clearedIn: Number.isFinite(clearedIn) ? clearedIn : null,
  }
}
