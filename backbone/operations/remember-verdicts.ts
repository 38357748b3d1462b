import type { Condition } from './find-conditions.ts'
import { bySeverity, type Verdict, type VerdictCode } from './verdict.ts'

interface Patience {
  /** How long a condition holds before it is a verdict. */
  begin: number
  /** How long it must be over until the verdict is. */
  end: number
}

/** What is judged over a time already, or cannot flicker, needs none. */
const NONE: Patience = { begin: 0, end: 0 }
const PATIENCE_MS: Record<VerdictCode, Patience> = {
  'buyers-refused': NONE,
  'kafka-unavailable': { begin: 0, end: 2_000 },
  'below-min-isr': { begin: 0, end: 3_000 },
  'checkouts-wait': { begin: 0, end: 3_000 },
  'processors-silent': NONE,
  // When Kafka fails, the figures of the others stop up to a second before those of the judge.
  'member-silent': { begin: 1_000, end: 0 },
  // Partitions that move to another owner have none for some seconds.
  'partition-unowned': { begin: 8_000, end: 1_000 },
  'some-purchases-refused': { begin: 0, end: 10_000 },
  'lag-grows': { begin: 2_000, end: 5_000 },
  'visits-refused': { begin: 1_000, end: 10_000 },
  'access-refused': { begin: 0, end: 2_000 },
  'catching-up': { begin: 2_000, end: 5_000 },
  'not-ready': { begin: 3_000, end: 1_000 },
  starting: NONE,
  'buyers-get-through': NONE,
}
const CODE_CHANGES_AFTER_MS = 5_000

interface Known {
  condition: Condition
  /** When the condition was first noticed. */
  noticedAt: number
  since: number
  lastAt: number
  /** When the condition last had the code that is shown. */
  codeAt: number
  isVerdict: boolean
}

/** Makes verdicts of conditions: they neither flicker nor change since when they hold. */
export function rememberVerdicts() {
  const known = new Map<string, Known>()
  let calmSince: number | undefined
  let hasSpoken = false

  function notice(condition: Condition, now: number): void {
    const before = known.get(condition.key)
    if (before === undefined) {
      const since = condition.since ?? now
      known.set(condition.key, {
        condition,
        noticedAt: now,
        since,
        lastAt: now,
        codeAt: now,
        isVerdict: false,
      })
      return
    }
    before.lastAt = now
    if (before.condition.code === condition.code || now - before.codeAt >= CODE_CHANGES_AFTER_MS) {
      before.condition = condition
      before.codeAt = now
    } else {
      // Conditions with the same key have the same details.
      before.condition = { ...condition, code: before.condition.code } as Condition
    }
  }

  /** Before it knows better, it must not say that nothing is wrong. */
  const patience = (code: VerdictCode) => (hasSpoken || code !== 'not-ready' ? PATIENCE_MS[code].begin : 0)

  return (conditions: readonly Condition[], now: number): Verdict[] => {
    for (const condition of conditions) notice(condition, now)
    // One that was over before it was a verdict never becomes one.
    for (const [key, { condition, lastAt, isVerdict }] of known)
      if (lastAt !== now && (!isVerdict || now - lastAt >= PATIENCE_MS[condition.code].end)) known.delete(key)
    for (const each of known.values())
      each.isVerdict ||= now - each.noticedAt >= patience(each.condition.code)
    const verdicts = [...known.values()]
      .filter(({ isVerdict }) => isVerdict)
      .map(({ condition: { code, level, details }, since }) => ({ code, level, since, details }) as Verdict)
      .toSorted(bySeverity)
    hasSpoken ||= verdicts.every(({ code }) => code !== 'not-ready')
    if (verdicts.length > 0) {
      calmSince = undefined
      return verdicts
    }
    calmSince ??= now
    return [{ code: 'buyers-get-through', level: 'ok', since: calmSince, details: {} }]
  }
}
