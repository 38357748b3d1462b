import { partitionOf } from '../read-model/record.ts'

/**
 * Remembers when something first happened to a position of Notifications, in one of at most 256 ways. Forgets the
 * oldest of `capacity` entries: 25 bytes each, which the system only provides when they are used.
 */
export function createFirstTimes(capacity: number, now: () => number) {
  const positions = new Float64Array(capacity)
  const times = new Float64Array(capacity)
  const ways = new Uint8Array(capacity)
  // Entries with the same hash are chained, the newest first. Numbers of entries begin with 1: 0 is the end.
  const following = new Uint32Array(capacity)
  const chains = new Uint32Array(2 ** Math.ceil(Math.log2(capacity)))
  let added = 0
  let completeSince = now()

  const chainOf = (position: number) =>
    ((position ^ Math.imul(partitionOf(position), 0x9e3779b1)) >>> 0) % chains.length

  function* entriesOf(position: number): Generator<number> {
    for (let entry = chains[chainOf(position)] ?? 0; entry > 0; entry = following[entry - 1] ?? 0)
      if (positions[entry - 1] === position) yield entry - 1
  }

  function isKnown(position: number, way: number): boolean {
    for (let entry = chains[chainOf(position)] ?? 0; entry > 0; entry = following[entry - 1] ?? 0)
      if (positions[entry - 1] === position && ways[entry - 1] === way) return true
    return false
  }

  /** The oldest entry is the last of its chain. */
  function forget(slot: number): void {
    completeSince = Math.max(completeSince, times[slot] ?? 0)
    const chain = chainOf(positions[slot] ?? 0)
    let entry = chains[chain] ?? 0
    if (entry === slot + 1) {
      chains[chain] = 0
      return
    }
    while (following[entry - 1] !== slot + 1) entry = following[entry - 1] ?? 0
    following[entry - 1] = 0
  }

  return {
    /** Does nothing if it is known already. */
    add(position: number, way: number): void {
      if (isKnown(position, way)) return
      const slot = added % capacity
      if (added >= capacity) forget(slot)
      const chain = chainOf(position)
      positions[slot] = position
      times[slot] = now()
      ways[slot] = way
      following[slot] = chains[chain] ?? 0
      chains[chain] = slot + 1
      added++
    },

    of: (position: number): { way: number; at: number }[] =>
      [...entriesOf(position)].map((slot) => ({ way: ways[slot] ?? 0, at: times[slot] ?? 0 })),

    /** Everything after this time is remembered. */
    completeSince: () => completeSince,

    clear(): void {
      chains.fill(0)
      added = 0
      completeSince = now()
    },
  }
}
