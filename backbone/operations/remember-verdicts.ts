import type { Condition } from './find-conditions.ts'
import { bySeverity, type Verdict, type VerdictCode } from './verdict.ts'

/** As in an alerting rule of Prometheus. */
interface Durations {
  /** How long a condition is pending before it is a verdict. */
  for: number
  /** How long the verdict stays after the condition is over. */
  keepFiringFor: number
}

/** For what is measured over a time already, or cannot flicker. */
const NONE: Durations = { for: 0, keepFiringFor: 0 }
const DURATIONS_MS: Record<VerdictCode, Durations> = {
  'buyers-refused': NONE,
  'kafka-unavailable': { for: 0, keepFiringFor: 2_000 },
  'below-min-isr': { for: 0, keepFiringFor: 3_000 },
  'checkouts-wait': { for: 0, keepFiringFor: 3_000 },
  'processors-silent': NONE,
  // When Kafka fails, the figures of the others stop up to a second before those of this process.
  'member-silent': { for: 1_000, keepFiringFor: 0 },
  // Partitions that move to another owner have none for some seconds.
  'partition-unowned': { for: 8_000, keepFiringFor: 1_000 },
  'some-purchases-refused': { for: 0, keepFiringFor: 10_000 },
  'lag-grows': { for: 2_000, keepFiringFor: 5_000 },
  'visits-refused': { for: 1_000, keepFiringFor: 10_000 },
  'forecast-beyond-capacity': NONE,
  'access-refused': { for: 0, keepFiringFor: 2_000 },
  'catching-up': { for: 2_000, keepFiringFor: 5_000 },
  'not-ready': { for: 3_000, keepFiringFor: 1_000 },
  starting: NONE,
  'buyers-get-through': NONE,
}
const CODE_CHANGES_AFTER_MS = 5_000

interface Known {
  condition: Condition
  pendingSince: number
  since: number
  /** When the condition last held. */
  activeAt: number
  /** When the condition last had the code that is shown. */
  codeAt: number
  isFiring: boolean
}

/** Makes verdicts of conditions: they neither flicker nor change since when they hold. */
export function rememberVerdicts() {
  const known = new Map<string, Known>()
  let okSince: number | undefined
  let hasBeenReady = false

  function update(condition: Condition, now: number): void {
    const before = known.get(condition.key)
    if (before === undefined) {
      const since = condition.since ?? now
      known.set(condition.key, {
        condition,
        pendingSince: now,
        since,
        activeAt: now,
        codeAt: now,
        isFiring: false,
      })
      return
    }
    before.activeAt = now
    if (before.condition.code === condition.code || now - before.codeAt >= CODE_CHANGES_AFTER_MS) {
      before.condition = condition
      before.codeAt = now
    } else {
      // Conditions with the same key have the same details.
      before.condition = { ...condition, code: before.condition.code } as Condition
    }
  }

  /** Before it knows better, it must not say that nothing is wrong. */
  const pendingMs = (code: VerdictCode) => (hasBeenReady || code !== 'not-ready' ? DURATIONS_MS[code].for : 0)

  return (conditions: readonly Condition[], now: number): Verdict[] => {
    for (const condition of conditions) update(condition, now)
    // One that is over while it is pending never fires.
    for (const [key, { condition, activeAt, isFiring }] of known)
      if (activeAt !== now && (!isFiring || now - activeAt >= DURATIONS_MS[condition.code].keepFiringFor))
        known.delete(key)
    for (const each of known.values())
      each.isFiring ||= now - each.pendingSince >= pendingMs(each.condition.code)
    const verdicts = [...known.values()]
      .filter(({ isFiring }) => isFiring)
      .map(({ condition: { code, level, details }, since }) => ({ code, level, since, details }) as Verdict)
      .toSorted(bySeverity)
    hasBeenReady ||= verdicts.every(({ code }) => code !== 'not-ready')
    if (verdicts.length > 0) {
      okSince = undefined
      return verdicts
    }
    okSince ??= now
    return [{ code: 'buyers-get-through', level: 'ok', since: okSince, details: {} }]
  }
}
