import { listPartitions } from '../../backbone/figures/list-partitions.ts'
import type { ReportEvent } from '../../backbone/figures/member-event.ts'

type Move = 'partition-claimed' | 'partition-released'

const CALM_MS = 1_000
const LONGEST_MS = 10_000

/**
 * Reports partitions that this process claims or releases together in one event: after a rebalance of hundreds, the list of
 * events would have nothing else. The event is due a second after the last of them, or ten seconds after the first.
 */
export function collectMoves(report: ReportEvent) {
  const moved = new Set<number>()
  let kind: Move | undefined
  let due: NodeJS.Timeout | undefined
  let latestAt = 0

  function reportMoved(): void {
    clearTimeout(due)
    if (kind) report(kind, { partitions: listPartitions([...moved]) })
    moved.clear()
    kind = undefined
  }

  return {
    add(move: Move, partition: number): void {
      if (kind !== move) {
        reportMoved()
        kind = move
        latestAt = performance.now() + LONGEST_MS
      }
      moved.add(partition)
      clearTimeout(due)
      due = setTimeout(reportMoved, Math.min(CALM_MS, latestAt - performance.now()))
    },
    /** What has happened so far, at once. */
    report: reportMoved,
  }
}
