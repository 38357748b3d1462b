import type { MemberEvent } from '../figures/member-event.ts'

const MOST_REFUSALS = 10
const MOST_RUNS = 100

/** What Kafka has refused, by run: the failing check of the run has the same text until it is over. */
export function keepAccessRefusals() {
  const byRun = new Map<string, string[]>()

  return {
    add(event: MemberEvent): void {
      if (event.code !== 'access-refused') return
      const known = byRun.get(event.run) ?? []
      byRun.set(event.run, [...known.slice(1 - MOST_REFUSALS), event.details.detail])
      const [oldest] = byRun.keys()
      if (byRun.size > MOST_RUNS && oldest !== undefined) byRun.delete(oldest)
    },
    byRun: (): ReadonlyMap<string, readonly string[]> => byRun,
  }
}
