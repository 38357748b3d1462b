import { hashOf } from './record.ts'

interface Generation {
  bits: Uint32Array
  /** How many more events it can hold. */
  room: number
  /** By partition, the offset after the last of its events. */
  ends: Map<number, number>
}

// With 16 bits for each event and six probes, one in two thousand unknown events is reported as seen.
const BITS_PER_EVENT = 16
const PROBES = 6
const FIRST_CAPACITY = 2 ** 18
const LARGEST_CAPACITY = 2 ** 23

/**
 * A Bloom filter (Bloom 1970) that tells without a look-up that an event was never seen. Seen events are
 * always reported as seen, others very rarely. Its probes combine two halves of one hash (Kirsch and
 * Mitzenmacher 2006). It grows by generations, each larger than the previous one, and drops a generation when
 * retention has removed all its events.
 */
export function createEventFilter() {
  const generations: Generation[] = [createGeneration(FIRST_CAPACITY)]
  let capacity = FIRST_CAPACITY
  let complete = false

  function newest(): Generation {
    const last = generations.at(-1)
    if (last && last.room > 0) return last
    capacity = Math.min(capacity * 2, LARGEST_CAPACITY)
    const next = createGeneration(capacity)
    generations.push(next)
    return next
  }

  return {
    /** `hash` is the result of {@link hashOf}. */
    add(hash: number, partition: number, offset: number): void {
      const generation = newest()
      generation.room--
      generation.ends.set(partition, Math.max(offset + 1, generation.ends.get(partition) ?? 0))
      addTo(generation.bits, hash)
    },

    /** All events of the file are added. Until then, no event is known to be absent. */
    complete: (): void => {
      complete = true
    },

    mayHave(eventId: string): boolean {
      if (!complete) return true
      const hash = hashOf(eventId)
      return generations.some(({ bits }) => isIn(bits, hash))
    },

    /** Records before `first` are no longer in the log. */
    cut(firstOf: (partition: number) => number): void {
      const isCut = ({ ends }: Generation) =>
        ends.entries().every(([partition, end]) => end <= firstOf(partition))
      while (generations.length > 1 && generations[0] && isCut(generations[0])) generations.shift()
    },

    /**
     * The log of the partition was recreated: the offsets of the previous log must not keep a generation
     * alive.
     */
    forget(partition: number): void {
      for (const { ends } of generations) ends.delete(partition)
    },

    generations: (): number => generations.length,
  }
}

const createGeneration = (capacity: number): Generation => ({
  bits: new Uint32Array((capacity * BITS_PER_EVENT) / 32),
  room: capacity,
  ends: new Map(),
})

function addTo(bits: Uint32Array, hash: number) {
  const step = stepOf(hash)
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = (hash + Math.imul(step, probe)) & (bits.length * 32 - 1)
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }
}

function isIn(bits: Uint32Array, hash: number): boolean {
  const step = stepOf(hash)
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = (hash + Math.imul(step, probe)) & (bits.length * 32 - 1)
    if ((((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 0) return false
  }
  return true
}

/** From the 16 bits that the first probe does not use; odd, so that all bits are reachable. */
const stepOf = (hash: number) => Math.imul(Math.floor(hash / 2 ** 32) + 1, 0x9e3779b1) | 1
