import type { Invariant, Violation } from './violation.ts'

const SHOWN = 20

/** Violations of one invariant. If one defect affects many events, some are shown and all are counted. */
export function createFindings(invariant: Invariant) {
  const totals = new Map<string, number>()
  const shown: Violation[] = []

  return {
    add(what: string, eventIds: string[], around: () => string[]): void {
      const total = (totals.get(what) ?? 0) + 1
      totals.set(what, total)
      if (total <= SHOWN) shown.push({ invariant, what, eventIds, around: around() })
    },

    violations(): Violation[] {
      const cut = [...totals].filter(([, total]) => total > SHOWN)
      const sums = cut.map(([what, total]) => ({
        invariant,
        what: `${what}: ${total} in all, ${SHOWN} of them shown`,
        eventIds: [],
        around: [],
      }))
      return [...shown, ...sums]
    },
  }
}
