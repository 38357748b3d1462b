import type { MemberEvent } from '../figures/member-event.ts'
import { SILENT_AFTER_MS } from './track-members.ts'
import { isStopped, type TrackedRun } from './tracked-run.ts'

/**
 * A member that is lost cannot report it. Its events are derived from the times of its figures in the topic, which are the
 * same for all who read them.
 */
export function watchSilence() {
  const silentSince = new Map<string, number>()
  let derived = 0

  function base({ latest: { member, run }, lastSeenAt }: TrackedRun) {
    // Below those of the member itself.
    const number = --derived
    return { is: 'event', member, run, number, at: lastSeenAt } as const
  }

  /** The events since the last call. `lastRecordAt`: of any member; `isStable`: they have arrived for a while. */
  return (runs: readonly TrackedRun[], lastRecordAt: number, isStable: boolean): MemberEvent[] => {
    const events: MemberEvent[] = []
    for (const run of runs) {
      const { lastSeenAt, isSilent, latest } = run
      const since = silentSince.get(latest.run)
      // When figures stop to arrive, the member that was last seen first is the first to be silent.
      const othersArrive = lastRecordAt - lastSeenAt > SILENT_AFTER_MS
      if (since === undefined && isSilent && othersArrive && isStable) {
        silentSince.set(latest.run, lastSeenAt)
        events.push({ ...base(run), code: 'member-silent', details: { role: latest.role } })
      } else if (since !== undefined && !isSilent) {
        silentSince.delete(latest.run)
        const details = { role: latest.role, seconds: Math.round((lastSeenAt - since) / 1_000) }
        if (!isStopped(run)) events.push({ ...base(run), code: 'member-back', details })
      }
    }
    const known = new Set(runs.map(({ latest }) => latest.run))
    for (const run of silentSince.keys()) if (!known.has(run)) silentSince.delete(run)
    return events
  }
}
