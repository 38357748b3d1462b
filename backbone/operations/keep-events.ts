import type { MemberEvent } from '../figures/member-event.ts'

const MOST_EVENTS = 200

/** The last events of all members. Each may come twice. */
export function keepEvents() {
  const known = new Map<string, MemberEvent>()
  let fresh: MemberEvent[] = []

  return {
    add(event: MemberEvent): void {
      const key = `${event.run}/${event.number}`
      if (known.has(key)) return
      known.set(key, event)
      fresh.push(event)
      const [oldest] = known.keys()
      if (known.size > MOST_EVENTS && oldest !== undefined) known.delete(oldest)
    },

    /** The newest last. */
    all: (): MemberEvent[] => [...known.values()],

    /** Those that came since the last call. */
    takeFresh(): MemberEvent[] {
      const taken = fresh.slice(-MOST_EVENTS)
      fresh = []
      return taken
    },
  }
}
