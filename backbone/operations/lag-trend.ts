import type { PartitionLag } from './system-state.ts'

const WINDOW_MS = 10_000
const SHORTEST_MS = 4_000
/** What comes and goes in a healthy system is no trend. */
const NOTICEABLE = { records: 100, share: 0.03 }

export interface LagTrend {
  trend: PartitionLag['trend']
  /** In seconds; null if never at this rate. */
  clearedIn: number | null
}

/** Whether the lag of a partition grows, from its last ten seconds. */
export function createLagTrends() {
  const histories = new Map<number, { at: number; records: number }[]>()

  return (partition: number, records: number, now: number): LagTrend => {
    const history = (histories.get(partition) ?? []).filter(({ at }) => at >= now - WINDOW_MS && at < now)
    history.push({ at: now, records })
    histories.set(partition, history)
    if (records === 0) return { trend: 'none', clearedIn: 0 }
    const [first] = history
    const seconds = (now - (first?.at ?? now)) / 1_000
    const growth = records - (first?.records ?? records)
    const noticeable = Math.max(NOTICEABLE.records, NOTICEABLE.share * records)
    if (seconds * 1_000 < SHORTEST_MS || Math.abs(growth) < noticeable)
      return { trend: 'steady', clearedIn: null }
    if (growth > 0) return { trend: 'grows', clearedIn: null }
    return { trend: 'shrinks', clearedIn: Math.ceil((records * seconds) / -growth) }
  }
}
