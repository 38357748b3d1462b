import { createRecentMap } from './bounded-map.ts'
import { ShortLivedMap } from './short-lived-map.ts'

/**
 * The keys of events that are being stored or were stored recently. They recognise a repetition before its
 * body is read. A failed attempt leaves no trace. Bounded by the events in flight and the last `max`
 * successes.
 */
export function createUsedKeys(max: number) {
  const inUse = new ShortLivedMap<string, number>()
  const stored = createRecentMap<true>(max)

  function release(key: string) {
    const others = (inUse.get(key) ?? 1) - 1
    if (others > 0) inUse.set(key, others)
    else inUse.delete(key)
  }

  return {
    has: (key: string): boolean => inUse.has(key) || stored.get(key) !== undefined,
    /** Registers the key of an attempt. Call the result when the attempt ends, with whether it succeeded. */
    begin: (key: string): ((succeeded: boolean) => void) => {
      inUse.set(key, (inUse.get(key) ?? 0) + 1)
      return (succeeded) => {
        release(key)
        if (succeeded) stored.set(key, true)
      }
    },
  }
}
