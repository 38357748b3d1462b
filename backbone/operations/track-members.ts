import type { MemberFigures } from '../figures/member-figures.ts'
import { addSample, isAlive, isStopped, type TrackedRun, trackRun } from './tracked-run.ts'

export const SILENT_AFTER_MS = 3_000
const STOPPED_LISTED_MS = 60_000
const SILENT_LISTED_MS = 10 * 60_000
/** Longer than a process that is being replaced runs beside its successor, and than clocks are wrong: see tracked-run.ts. */
const OVERLAP_MS = 15_000
/** One that comes back must not be counted again. */
const MOST_RUNS = 1_000

/** Called for each record that is newer than those before it; without `before` for the first one of a run. */
export type OnFigures = (now: MemberFigures, before: MemberFigures | undefined, run: TrackedRun) => void

/** All runs of all members whose figures are known. */
export function trackMembers(followedSince: number, onFigures: OnFigures) {
  const runs = new Map<string, TrackedRun>()

  return {
    /** Figures may come twice, and late. */
    take(figures: MemberFigures, lastSeenAt: number): void {
      const known = runs.get(keyOf(figures))
      if (known === undefined) {
        const run = trackRun(figures, lastSeenAt, followedSince)
        runs.set(keyOf(figures), run)
        onFigures(figures, undefined, run)
        return
      }
      const before = known.latest
      if (figures.at <= before.at) return
      addSample(known, figures, lastSeenAt)
      onFigures(figures, before, known)
    },

    /** Decides who is silent, and who is no longer listed. */
    update(now: number): void {
      for (const run of runs.values()) {
        const unseenMs = now - run.lastSeenAt
        run.isSilent = !isStopped(run) && unseenMs > SILENT_AFTER_MS
        run.isListed = unseenMs <= (isStopped(run) ? STOPPED_LISTED_MS : SILENT_LISTED_MS)
        if (!run.isListed) run.samples = [run.latest]
      }
      for (const [key, { isListed }] of runs) if (runs.size > MOST_RUNS && !isListed) runs.delete(key)
    },

    /** This process was paused: what it did not receive meanwhile makes nobody silent. */
    shiftLastSeen(pausedMs: number): void {
      for (const run of runs.values()) if (isAlive(run)) run.lastSeenAt += pausedMs
    },

    all: (): TrackedRun[] => [...runs.values()],
    alive: (): TrackedRun[] => [...runs.values()].filter(isAlive),

    /** By role and name: the newest run of each member, and those that ran beside it, where several have one name. */
    listed(): TrackedRun[] {
      const byName = new Map<string, TrackedRun[]>()
      for (const run of runs.values()) {
        if (!run.isListed) continue
        const name = `${run.latest.role}/${run.latest.member}`
        byName.set(name, [...(byName.get(name) ?? []), run])
      }
      return [...byName.entries()]
        .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
        .flatMap(([, named]) => withoutReplaced(named))
    },
  }
}

/** One that was seen long after a newer one started was not replaced by it: both have the same name. */
function withoutReplaced(runs: readonly TrackedRun[]): TrackedRun[] {
  const oldestFirst = runs.toSorted((a, b) => a.startedAt - b.startedAt)
  return oldestFirst.filter((run, index) =>
    oldestFirst.slice(index + 1).every((newer) => run.lastSeenAt - newer.startedAt > OVERLAP_MS),
  )
}

const keyOf = ({ role, member, run }: MemberFigures): string => `${role}/${member}/${run}`
